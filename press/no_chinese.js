// Whether no font here has Chinese: draws two characters, which look the same then.
() => {
  const pen = document.createElement("canvas").getContext("2d");
  const [one, other] = [..."梯度"].map((character) => {
    pen.reset();
    pen.font = "40px sans-serif";
    pen.fillText(character, 10, 50);
    return pen.getImageData(0, 0, 99, 99).data.join();
  });
  return one === other;
}
