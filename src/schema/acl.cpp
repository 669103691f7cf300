#include "schema/acl.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace migrate::schema {

namespace {

std::vector<std::string> split(std::string_view text, char at) {
    std::vector<std::string> parts;
    while (true) {
        std::size_t const end = text.find(at);
        parts.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

// How many grants a privilege is away from the owner, who needs none.
class Chain {
 public:
    Chain(const Acl &acl, const std::string &owner) : acl_(acl), owner_(owner) {}

    // Of a privilege that this role has granted; kOutside where nothing here says that it may.
    static constexpr std::size_t kOutside = 1000;
    std::size_t depth(const std::string &grantor, const std::string &word) {
        if (grantor == owner_) return 0;
        auto const [place, fresh] = depths_.try_emplace({grantor, word}, kOutside);
        if (!fresh) return place->second;  // in a circle, too
        std::size_t least = kOutside;
        for (const Privilege &privilege : acl_)
            if (privilege.grantable && privilege.grantee == grantor && privilege.word == word)
                least = std::min(least, depth(privilege.grantor, word) + 1);
        return depths_[{grantor, word}] = std::min(least, kOutside);
    }
    bool reaches(const Privilege &privilege) {
        return depth(privilege.grantor, privilege.word) < kOutside;
    }

 private:
    const Acl &acl_;
    std::string const owner_;
    std::map<std::pair<std::string, std::string>, std::size_t> depths_;
};

struct Group {
    std::size_t place;
    bool whole;  // not the grant option alone
    std::string grantor;
    std::string grantee;
    bool grantable;
    auto operator<=>(const Group &) const = default;
};
using Groups = std::map<Group, std::vector<std::string>>;

class Writer {
 public:
    Writer(const Grantable &on, Script &script) : on_(on), script_(script) {}

    void revoke(const Groups &groups) {
        for (auto const &[group, list] : groups)
            as(group.grantor,
               fmt::format("{}REVOKE {}{} ON {} FROM {}", on_.prefix,
                           group.whole ? "" : "GRANT OPTION FOR ", words(list), on_.target,
                           group.grantee),
               {{Risk::breaks_code,
                 fmt::format("{} can no longer do this.",
                             group.grantee == "PUBLIC" ? "Everybody else" : group.grantee)}});
    }

    void grant(const Groups &groups) {
        for (auto const &[group, list] : groups)
            as(group.grantor,
               fmt::format("{}GRANT {} ON {} TO {}{}", on_.prefix, words(list), on_.target,
                           group.grantee, group.grantable ? " WITH GRANT OPTION" : ""),
               {});
    }

 private:
    std::string words(std::vector<std::string> list) const {
        std::sort(list.begin(), list.end());
        auto all = all_privileges(on_.letter);
        std::sort(all.begin(), all.end());
        if (list == all) return "ALL" + on_.columns;
        std::string text;
        for (const std::string &word : list)
            text += (text.empty() ? "" : ", ") + word + on_.columns;
        return text;
    }

    // A superuser's or owner's grant counts as the owner's.
    void as(const std::string &grantor, std::string sql, std::vector<Hazard> hazards) {
        bool const other = grantor != on_.owner;
        if (other) script_.add(fmt::format("SET LOCAL ROLE {}", grantor));
        script_.add(std::move(sql), std::move(hazards));
        if (other) script_.add("RESET ROLE");
    }

    const Grantable &on_;
    Script &script_;
};

const Privilege *find(const Acl &acl, const Privilege &like) {
    for (const Privilege &privilege : acl)
        if (privilege.grantor == like.grantor && privilege.grantee == like.grantee &&
            privilege.word == like.word)
            return &privilege;
    return nullptr;
}

}  // namespace

std::vector<std::string> all_privileges(char letter) {
    switch (letter) {
        case 'r':
            return {"SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER"};
        case 'c':
            return {"SELECT", "INSERT", "UPDATE", "REFERENCES"};
        case 's':
            return {"SELECT", "UPDATE", "USAGE"};
        case 'n':
            return {"USAGE", "CREATE"};
        case 'f':
            return {"EXECUTE"};
        case 'l':
        case 'T':
        case 'F':
        case 'S':
            return {"USAGE"};
        default:
            return {};
    }
}

Acl parse_acl(const Object &object, std::string_view attribute) {
    Acl acl;
    for (std::string_view const item : object.list(attribute)) {
        if (item.empty()) continue;
        auto parts = split(item, kPart);
        parts.resize(4);
        acl.push_back({parts[1], parts[0], parts[2], parts[3] == "*"});
    }
    std::sort(acl.begin(), acl.end());
    return acl;
}

void set_acl(Object &object, const Acl &acl, std::string_view attribute) {
    std::string text;
    for (const Privilege &privilege : acl) {
        if (!text.empty()) text += kSeparator;
        for (const std::string *const part :
             {&privilege.grantee, &privilege.grantor, &privilege.word})
            text += *part + kPart;
        if (privilege.grantable) text += '*';
    }
    object.set(attribute, std::move(text));
}

Acl default_acl(char letter, const std::string &owner) {
    Acl acl;
    if (letter != 'c')
        for (std::string &word : all_privileges(letter))
            acl.push_back({owner, owner, std::move(word), false});
    // Functions, types and languages are for everybody.
    if (letter == 'f') acl.push_back({owner, "PUBLIC", "EXECUTE", false});
    if (letter == 'T' || letter == 'l') acl.push_back({owner, "PUBLIC", "USAGE", false});
    std::sort(acl.begin(), acl.end());
    return acl;
}

Acl acl_of(const Object &object) {
    if (object.has("acl")) return parse_acl(object);
    char const letter =
        object.kind == Kind::member ? object.get("letter")[0] : info(object.kind).acl;
    return letter == 0 ? Acl{} : default_acl(letter, object.get("owner"));
}

Acl initial_acl_of_member(const Object &member) {
    Object initial = member;
    initial.set("acl", member.get(".initial"));
    return parse_acl(initial);
}

Acl with_owner(Acl acl, const std::string &from, const std::string &to) {
    for (Privilege &privilege : acl) {
        if (privilege.grantor == from) privilege.grantor = to;
        if (privilege.grantee == from) privilege.grantee = to;
    }
    std::sort(acl.begin(), acl.end());
    // What was said of both is now said twice.
    Acl merged;
    for (Privilege &privilege : acl) {
        if (!merged.empty() && merged.back().grantor == privilege.grantor &&
            merged.back().grantee == privilege.grantee && merged.back().word == privilege.word)
            merged.back().grantable |= privilege.grantable;
        else
            merged.push_back(std::move(privilege));
    }
    return merged;
}

void change_acl(const Grantable &on, const Acl &from, const Acl &to, Script &script) {
    // What a grant rests on cannot be taken away under it, and only who has a privilege gives it
    // on: the ends of the chains are revoked first, their beginnings granted first.
    Acl kept;
    for (const Privilege &have : from)
        if (const Privilege *const want = find(to, have))
            kept.push_back(
                {have.grantor, have.grantee, have.word, have.grantable && want->grantable});
    Chain before(from, on.owner);
    for (bool changed = true; changed;) {
        Acl const now = kept;
        Chain chain(now, on.owner);
        changed = std::erase_if(kept, [&](const Privilege &privilege) {
                      return !chain.reaches(privilege) && before.reaches(privilege);
                  }) != 0;
    }
    Chain after(to, on.owner);
    Groups revoked;
    Groups granted;
    for (const Privilege &have : from) {
        const Privilege *const left = find(kept, have);
        if (left != nullptr && left->grantable == have.grantable) continue;
        std::size_t const place = Chain::kOutside - before.depth(have.grantor, have.word);
        revoked[{place, left == nullptr, have.grantor, have.grantee, false}].push_back(have.word);
    }
    for (const Privilege &want : to) {
        const Privilege *const have = find(kept, want);
        if (have != nullptr && (have->grantable || !want.grantable)) continue;
        std::size_t const place = after.depth(want.grantor, want.word);
        granted[{place, true, want.grantor, want.grantee, want.grantable}].push_back(want.word);
    }
    Writer writer(on, script);
    writer.revoke(revoked);
    writer.grant(granted);
}

}  // namespace migrate::schema
