namespace IotOps.Aws.Tests.Vectors;

/// <summary>One request of AWS's published SigV4 suite, with what botocore makes of it.</summary>
public sealed record SigV4Vector(
    string Name,
    string Service,
    string Method,
    string Path,
    string Query,
    IReadOnlyList<IReadOnlyList<string>> Headers,
    string Body,
    string? Token,
    bool TokenUnsigned,
    string CanonicalRequest,
    string SignedHeaders,
    string Signature);
