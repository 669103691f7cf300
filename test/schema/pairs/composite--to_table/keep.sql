select (x).a=1 from u;
