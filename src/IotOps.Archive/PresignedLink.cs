namespace IotOps.Archive;

/// <summary>A link that needs no credentials of whoever has it.</summary>
/// <param name="Url">The link. Treat it as a secret.</param>
/// <param name="ExpiresAt">When it ends: as asked, or earlier, when the credentials that signed it end.</param>
public sealed record PresignedLink(Uri Url, DateTimeOffset ExpiresAt);
