// Compiled with the headers that tests share, so that they are read once.
