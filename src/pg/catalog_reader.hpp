// Many questions about the catalogs, one after the other.
#pragma once

#include <functional>

#include "pg/settings.hpp"

namespace migrate::pg {

// What `take` gets: the values of a row in the order of the columns, a null pointer for NULL. They
// last until it returns, and so does what is allocated meanwhile.
using TakeColumns = std::function<void(const std::vector<std::string> &names)>;
using TakeValues = std::function<void(const std::vector<const char *> &values)>;

// While it is open, names are looked up in pg_catalog alone. Plans are kept as long as the session
// lives, so the same questions should be asked with the same text.
class CatalogReader {
 public:
    CatalogReader();
    CatalogReader(const CatalogReader &) = delete;
    CatalogReader &operator=(const CatalogReader &) = delete;

    // `columns` gets the names before the first row.
    void read(const std::string &sql, const TakeColumns &columns, const TakeValues &take);

    // After an error the abort of the (sub)transaction does it.
    void close();

 private:
    SettingsLevel level_;
};

// One question.
void read_rows(const std::string &sql, const TakeColumns &columns, const TakeValues &take);

}  // namespace migrate::pg
