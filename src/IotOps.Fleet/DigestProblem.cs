namespace IotOps.Fleet;

/// <summary>An object that is not as CloudTrail delivered it.</summary>
/// <param name="Bucket">The bucket.</param>
/// <param name="Key">The object's key; of a digest that nothing names, the key that its hour has, or the folder where no digest is at all.</param>
/// <param name="Reason">What is wrong.</param>
/// <param name="Detail">What was found, one sentence for an operator.</param>
public sealed record DigestProblem(string Bucket, string Key, DigestProblemReason Reason, string Detail)
{
    /// <summary>The reason in one word, such as <c>log-modified</c>.</summary>
    public string Word => Reason switch
    {
        DigestProblemReason.LogModified => "log-modified",
        DigestProblemReason.LogMissing => "log-missing",
        DigestProblemReason.UnlistedLog => "unlisted-log",
        DigestProblemReason.TrailingGarbage => "trailing-garbage",
        DigestProblemReason.ExtraGzipMember => "extra-gzip-member",
        DigestProblemReason.NotGzip => "not-gzip",
        DigestProblemReason.DigestMissing => "digest-missing",
        DigestProblemReason.NewestDigestMissing => "newest-digest-missing",
        DigestProblemReason.DigestSignature => "digest-signature",
        _ => "digest-moved",
    };

    /// <summary>One line: <c>s3://bucket/key: log-modified: ...</c>.</summary>
    public override string ToString() => $"s3://{Bucket}/{Key}: {Word}: {Detail}";
}
