namespace IotOps.Emulator.S3;

/// <summary>
/// How a listing goes through keys: those of a prefix, behind a marker, and all that have the same beginning up to a delimiter as one common
/// prefix. A marker amid a common prefix is behind it, as S3 was seen to do.
/// </summary>
internal sealed class KeyGroups(S3Call call, string marker)
{
    public string Prefix { get; } = call.Query.Find("prefix") ?? "";

    public string Delimiter { get; } = call.Query.Find("delimiter") ?? "";

    /// <summary>The first key that can be listed.</summary>
    public string From => KeyOrder.Instance.Compare(marker, Prefix) > 0 ? marker : Prefix;

    public bool Contains(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The common prefix that stands for a key; null when the key stands for itself.</summary>
    public string? CommonPrefix(string key)
    {
        int cut = Delimiter.Length == 0 ? -1 : key.IndexOf(Delimiter, Prefix.Length, StringComparison.Ordinal);
        return cut < 0 ? null : key[..(cut + Delimiter.Length)];
    }

    /// <summary>Whether a common prefix was listed on a former page, or is the last of this one.</summary>
    public bool IsListed(string commonPrefix, IReadOnlyList<string> listed) =>
        (marker.Length > 0 && KeyOrder.Instance.Compare(commonPrefix, marker) <= 0) || (listed.Count > 0 && listed[^1] == commonPrefix);
}
