using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.S3;

/// <summary>One request to S3 whose signature holds.</summary>
internal sealed record S3Call(HttpContext Context, QueryParameters Query, S3Address Address, VerifiedSignature Signature)
{
    /// <summary>Bytes of the answer's body that get through before the connection is cut; 0 cuts it without an answer.</summary>
    public long LetThrough { get; init; } = long.MaxValue;

    public HttpRequest Request => Context.Request;

    public HttpResponse Response => Context.Response;

    public string Bucket => Address.Bucket;

    public string Key => Address.Key;

    public CancellationToken Aborted => Context.RequestAborted;

    /// <summary>Whether a query parameter stands for a header: presigners put headers of AWS's there, where the signature covers them.</summary>
    public bool StandsForHeader(string parameter) =>
        Signature.Claim.IsPresigned && parameter.StartsWith("x-amz-", StringComparison.Ordinal) && !IsPresignedChecksum(parameter);

    /// <summary>
    /// Whether a query parameter is a checksum that a presigner put there. It made it before there was a body, so it is that of none at all,
    /// and S3 does not hold the body against it.
    /// </summary>
    public bool IsPresignedChecksum(string parameter) =>
        Signature.Claim.IsPresigned && (parameter.StartsWith("x-amz-checksum-", StringComparison.Ordinal) || parameter == "x-amz-sdk-checksum-algorithm");

    /// <summary>A request header, or what stands for it in the query; null when absent or empty.</summary>
    public string? Header(string name) =>
        Request.Headers[name].ToString() is { Length: > 0 } value ? value
        : StandsForHeader(name) && Query.Find(name) is { Length: > 0 } hoisted ? hoisted
        : null;

    /// <summary>Every header, and what stands for one in the query, by lower-case name.</summary>
    public IEnumerable<KeyValuePair<string, string>> Headers =>
        Query.All.Where(p => StandsForHeader(p.Key)).Concat(Request.Headers.Select(h => KeyValuePair.Create(h.Key.ToLowerInvariant(), h.Value.ToString())));

    /// <summary>A number in the query.</summary>
    public int Number(string name, int whenAbsent, int max)
    {
        string? text = Query.Find(name);
        if (string.IsNullOrEmpty(text))
        {
            return whenAbsent;
        }

        return int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out int value)
            ? Math.Min(value, max)
            : throw new Refusal(400, "InvalidArgument", $"Provided {name} not an integer or within integer range")
            {
                Details = [new("ArgumentName", name), new("ArgumentValue", text)],
            };
    }
}
