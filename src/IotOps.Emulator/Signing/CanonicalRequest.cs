using System.Text;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Signing;

/// <summary>
/// The text that a signature covers, built from what really arrived.
/// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
/// </summary>
internal static class CanonicalRequest
{
    /// <param name="request">The request.</param>
    /// <param name="rawPath">Its path as sent, still percent-coded.</param>
    /// <param name="query">Its query.</param>
    /// <param name="signedHeaders">Lower-case names, sorted.</param>
    /// <param name="payloadHash">Last line.</param>
    /// <param name="isS3">S3 codes the path once and keeps it as it is; every other service normalises it and codes it twice.</param>
    public static string Build(
        HttpRequest request, string rawPath, QueryParameters query, IReadOnlyList<string> signedHeaders, string payloadHash, bool isS3)
    {
        var text = new StringBuilder(512);
        text.Append(request.Method).Append('\n');
        text.Append(isS3 ? UriCoding.Encode(UriCoding.Decode(rawPath), keepSlash: true) : UriCoding.Encode(Normalize(rawPath), keepSlash: true)).Append('\n');
        text.Append(query.Canonical()).Append('\n');
        foreach (string name in signedHeaders)
        {
            text.Append(name).Append(':').AppendJoin(',', request.Headers[name].Select(v => Collapse(v ?? ""))).Append('\n');
        }

        text.Append('\n').AppendJoin(';', signedHeaders).Append('\n').Append(payloadHash);
        return text.ToString();
    }

    private static string Normalize(string path)
    {
        var kept = new List<string>();
        foreach (string segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (segment == "..")
            {
                if (kept.Count > 0)
                {
                    kept.RemoveAt(kept.Count - 1);
                }
            }
            else if (segment != ".")
            {
                kept.Add(segment);
            }
        }

        string joined = "/" + string.Join('/', kept);
        return path.EndsWith('/') && kept.Count > 0 ? joined + "/" : joined;
    }

    private static string Collapse(string value)
    {
        string trimmed = value.Trim(' ');
        return trimmed.Contains("  ", StringComparison.Ordinal)
            ? string.Join(' ', trimmed.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            : trimmed;
    }
}
