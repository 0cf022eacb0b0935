using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace IotOps.Emulator.Signing;

/// <summary>Path and query exactly as they stood in the request line.</summary>
/// <param name="RawPath">Still percent-coded.</param>
/// <param name="Query">Decoded parameters.</param>
internal sealed record RequestTarget(string RawPath, QueryParameters Query)
{
    public static RequestTarget Of(HttpContext context)
    {
        string raw = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

        // A client that believes it talks to a proxy sends the absolute form.
        if (raw.StartsWith("http://", StringComparison.OrdinalIgnoreCase))
        {
            int slash = raw.IndexOf('/', "http://".Length);
            raw = slash < 0 ? "/" : raw[slash..];
        }

        int question = raw.IndexOf('?', StringComparison.Ordinal);
        return question < 0
            ? new RequestTarget(raw, new QueryParameters(""))
            : new RequestTarget(raw[..question], new QueryParameters(raw[(question + 1)..]));
    }
}
