create text search dictionary d (template = simple, accept = 'false'); comment on text search dictionary d is 'd'; alter text search dictionary d owner to bench_r1;
