using System.Globalization;

namespace IotOps.Archive.Layout;

/// <summary>One listing: a prefix, and where objects are named after a time, from when to when.</summary>
/// <param name="Prefix">What keys begin with.</param>
/// <param name="FromMs">First time in a name, milliseconds since 1970; null when names tell no time.</param>
/// <param name="ToMs">First time that is too late.</param>
internal sealed record ObjectListing(string Prefix, long? FromMs = null, long? ToMs = null)
{
    // Until the year 2286 all times have as many digits, so that the order of keys is the order of time.
    private const int Digits = 13;

    /// <summary>The key to list after; null from the first.</summary>
    public string? StartAfter => FromMs is { } from ? Prefix + Math.Max(0, from - 1).ToString("D13", CultureInfo.InvariantCulture) : null;

    /// <summary>Whether a listed key is wanted.</summary>
    public ListedKey Judge(string key)
    {
        if (FromMs is not { } from || ToMs is not { } to)
        {
            return ListedKey.Wanted;
        }

        ReadOnlySpan<char> name = key.AsSpan(Prefix.Length);
        bool isTime = name.Length >= Digits
            && !name[..Digits].ContainsAnyExceptInRange('0', '9')
            && (name.Length == Digits || !char.IsAsciiDigit(name[Digits]));
        if (!isTime)
        {
            // Whatever sorts behind the last digit is behind every time.
            return name.Length > 0 && name[0] > '9' ? ListedKey.BehindTheEnd : ListedKey.Unwanted;
        }

        long time = long.Parse(name[..Digits], CultureInfo.InvariantCulture);
        return time < from ? ListedKey.Unwanted : time < to ? ListedKey.Wanted : ListedKey.BehindTheEnd;
    }
}
