create default conversion c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8; comment on conversion c is 'x'; alter conversion c owner to bench_r1;
