namespace IotOps.Fleet;

/// <summary>
/// Hours without digests that a digest accounts for: the trail, or its log file validation, was off. Logs of these hours cannot be validated, and nothing
/// says that they were tampered with.
/// </summary>
/// <param name="Key">The first digest behind the gap.</param>
/// <param name="From">The end of the last digest before it.</param>
/// <param name="Until">The beginning of the first digest behind it.</param>
public sealed record DigestGap(string Key, DateTimeOffset From, DateTimeOffset Until);
