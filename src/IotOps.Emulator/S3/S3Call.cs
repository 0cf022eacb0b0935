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

    /// <summary>A request header; null when absent or empty.</summary>
    public string? Header(string name) => Request.Headers[name].ToString() is { Length: > 0 } value ? value : null;

    /// <summary>A number in the query.</summary>
    public int Number(string name, int whenAbsent, int max)
    {
        string? text = Query.Find(name);
        if (string.IsNullOrEmpty(text))
        {
            return whenAbsent;
        }

        return int.TryParse(text, out int value) && value >= 0
            ? Math.Min(value, max)
            : throw new Refusal(400, "InvalidArgument", $"Provided {name} not an integer or within integer range")
            {
                Details = [new("ArgumentName", name), new("ArgumentValue", text)],
            };
    }
}
