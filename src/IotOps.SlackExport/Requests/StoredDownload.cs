namespace IotOps.SlackExport.Requests;

/// <summary>A link of this program's own to a finished export, without the token that it is reached by.</summary>
internal sealed record StoredDownload
{
    /// <summary>SHA-256 of the token, in lower-case hexadecimal digits.</summary>
    public required string Hash { get; init; }

    /// <summary>The request whose zip it leads to.</summary>
    public required string RequestId { get; init; }

    /// <summary>The <see cref="StoredRequest.Writer"/> of that request: the link ends with it, also when the same request is made again.</summary>
    public required Guid Writer { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
