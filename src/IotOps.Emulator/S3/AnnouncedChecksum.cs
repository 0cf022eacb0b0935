using IotOps.Emulator.Checksums;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;

namespace IotOps.Emulator.S3;

/// <summary>
/// The checksum that a request says its body has, in a header or behind the body.
/// See https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html.
/// </summary>
/// <param name="Algorithm">One of <see cref="Checksum.Names"/>.</param>
/// <param name="Value">Base64; null when it comes behind the body.</param>
internal sealed record AnnouncedChecksum(string Algorithm, string? Value)
{
    private const string Prefix = "x-amz-checksum-";

    /// <summary>What a request announces; null when it announces nothing.</summary>
    /// <exception cref="Refusal">It announces several, one that S3 does not know, or names an algorithm and brings no value of it.</exception>
    public static AnnouncedChecksum? Of(S3Call call)
    {
        AnnouncedChecksum[] found =
        [
            .. Checksum.Names.Select(n => new AnnouncedChecksum(n, call.Header(Prefix + n))).Where(c => c.Value is not null),
            .. Trailers(call),
        ];
        if (found.Length > 1)
        {
            throw Invalid("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        }

        AnnouncedChecksum? announced = found.FirstOrDefault();
        if (call.Request.Headers["x-amz-sdk-checksum-algorithm"].ToString() is { Length: > 0 } algorithm)
        {
            CheckHint(announced, algorithm.ToLowerInvariant());
        }

        if (announced?.Value is { } value && !IsValue(announced.Algorithm, value))
        {
            throw Invalid($"Value for {announced.Header} header is invalid.");
        }

        return announced;
    }

    /// <summary>What a request announces that S3 takes with a checksum or a Content-MD5 only.</summary>
    /// <exception cref="Refusal">It has neither, or what it announces is wrong in itself.</exception>
    public static AnnouncedChecksum? Demand(S3Call call)
    {
        AnnouncedChecksum? announced = Of(call);
        return announced is null && call.Header("Content-MD5") is null
            ? throw Invalid("Missing required header for this request: Content-MD5 OR x-amz-checksum-*")
            : announced;
    }

    /// <summary>The name of the header that carries such a checksum.</summary>
    public string Header => Prefix + Algorithm;

    /// <exception cref="Refusal">The body has another checksum, or none came behind it.</exception>
    public void Check(string calculated, AwsChunkedReader? chunks)
    {
        string sent = Value
            ?? chunks?.Trailer.GetValueOrDefault(Header)
            ?? throw new Refusal(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.");
        if (!IsValue(Algorithm, sent))
        {
            throw Invalid($"Value for {Header} trailing header is invalid.");
        }

        if (sent != calculated)
        {
            throw new Refusal(400, "BadDigest", $"The {Algorithm.ToUpperInvariant()} you specified did not match the calculated checksum.");
        }
    }

    private static IEnumerable<AnnouncedChecksum> Trailers(S3Call call)
    {
        foreach (string name in (call.Header("x-amz-trailer") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string header = name.ToLowerInvariant();
            string? algorithm = Checksum.Names.FirstOrDefault(n => Prefix + n == header);
            yield return algorithm is null ? throw Invalid("The value specified in the x-amz-trailer header is not supported") : new AnnouncedChecksum(algorithm, Value: null);
        }
    }

    private static void CheckHint(AnnouncedChecksum? announced, string algorithm)
    {
        if (announced is null)
        {
            throw Invalid("x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.");
        }

        if (announced.Algorithm != algorithm)
        {
            throw Invalid("Value for x-amz-sdk-checksum-algorithm header is invalid.");
        }
    }

    private static bool IsValue(string algorithm, string value)
    {
        byte[] decoded = new byte[value.Length];
        return Convert.TryFromBase64String(value, decoded, out int length) && length == Checksum.Length(algorithm);
    }

    private static Refusal Invalid(string message) => new(400, "InvalidRequest", message);
}
