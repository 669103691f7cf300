select (x).b='z' from u;
