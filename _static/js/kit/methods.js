// The names of gdcore's methods in the book's two languages.

/** @param {(zh: string, en: string) => string} say the one of two texts @returns {Record<string, string>} */
book.methods = (say) => ({
  gradient_descent: say("梯度下降", "Gradient descent"),
  momentum: say("动量法", "Momentum"),
  nesterov: say("Nesterov 动量法", "Nesterov"),
  adagrad: "AdaGrad",
  rmsprop: "RMSProp",
  adadelta: "Adadelta",
  adam: "Adam",
  adamw: "AdamW",
  lion: "Lion",
  own: say("你自己的", "Your own"),
});
