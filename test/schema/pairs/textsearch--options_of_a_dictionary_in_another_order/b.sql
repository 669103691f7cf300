create text search dictionary d (template = simple, accept = true, stopwords = english);
