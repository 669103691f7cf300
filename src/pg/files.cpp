#include "pg/files.hpp"

#include <sys/stat.h>

extern "C" {
#include "mb/pg_wchar.h"
#include "storage/fd.h"
}

namespace migrate::pg {

std::vector<File> read_sql_files(const std::string &directory) {
    std::vector<std::string> names;
    DIR *const open = call([&] { return AllocateDir(directory.c_str()); });
    for (;;) {
        dirent *entry = call([&] { return ReadDir(open, directory.c_str()); });
        if (entry == nullptr) break;
        std::string_view const name = entry->d_name;
        if (name.ends_with(".sql") && !name.starts_with(".")) names.emplace_back(name);
    }
    call([&] { FreeDir(open); });
    std::sort(names.begin(), names.end());

    std::vector<File> files;
    for (const std::string &name : names) {
        std::string const path = directory + "/" + name;
        std::string text;
        FILE *const file = call([&] {
            FILE *handle = AllocateFile(path.c_str(), "r");
            if (handle == nullptr)
                ereport(ERROR,
                        (errcode_for_file_access(),
                         errmsg("could not open file \"%s\" for reading: %m", path.c_str())));
            return handle;
        });
        struct stat about;
        if (fstat(fileno(file), &about) == 0 && S_ISDIR(about.st_mode)) {
            call([&] { FreeFile(file); });
            continue;
        }
        char buffer[8192];
        for (std::size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;)
            text.append(buffer, got);
        bool const failed = ferror(file) != 0;
        call([&] {
            FreeFile(file);
            if (failed)
                ereport(ERROR, (errcode_for_file_access(),
                                errmsg("could not read file \"%s\": %m", path.c_str())));
            if (!pg_verifymbstr(text.data(), static_cast<int>(text.size()), true))
                ereport(ERROR, (errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
                                errmsg("file \"%s\" is not valid in encoding \"%s\"", name.c_str(),
                                       GetDatabaseEncodingName())));
        });
        files.push_back({name, std::move(text)});
    }
    return files;
}

}  // namespace migrate::pg
