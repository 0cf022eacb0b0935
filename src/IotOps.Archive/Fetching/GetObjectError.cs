using System.Net;
using System.Text;
using IotOps.Aws;

namespace IotOps.Archive.Fetching;

/// <summary>Words what S3 said instead of an object.</summary>
internal static class GetObjectError
{
    private const int LongestBody = 16 << 10;

    public static async Task<AwsException> ReadAsync(HttpResponseMessage response, LogObject logObject, CancellationToken cancellationToken)
    {
        string body = await BodyAsync(response, cancellationToken).ConfigureAwait(false);
        string code = Element(body, "Code") ?? response.StatusCode switch
        {
            HttpStatusCode.NotFound => "NoSuchKey",
            HttpStatusCode.PreconditionFailed => "PreconditionFailed",
            HttpStatusCode.OK => "RangeIgnored",
            _ => $"Http{(int)response.StatusCode}",
        };
        string? said = Element(body, "Message");
        return new AwsException($"{Where(logObject)} was refused with {code} (HTTP {(int)response.StatusCode}){(said is null ? "" : $": {said.TrimEnd('.')}")}.{S3Failure.Advice(code, Header(response, "x-amz-bucket-region"))}")
        {
            Service = "s3",
            Operation = "GetObject",
            Code = code,
            StatusCode = response.StatusCode,
            IsTransient = S3Failure.IsTransient((int)response.StatusCode, code),
            RequestId = Header(response, "x-amz-request-id"),
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
    }

    public static AwsException Unreachable(LogObject logObject, Exception cause) =>
        new($"{Where(logObject)} could not be completed: {Innermost(cause)}. Check the network, DNS and the endpoint.", cause)
        {
            Service = "s3",
            Operation = "GetObject",
            Code = S3Failure.NetworkError,
            IsTransient = true,
        };

    public static AwsException NotSigned(LogObject logObject, Exception cause) =>
        new($"{Where(logObject)} could not be signed: {cause.Message}", cause) { Service = "s3", Operation = "GetObject", Code = "NoCredentials" };

    public static string Where(LogObject logObject) => $"s3 GetObject of s3://{logObject.Bucket}/{logObject.Key}";

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    private static string Innermost(Exception cause)
    {
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return cause.Message.TrimEnd('.');
    }

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            Stream stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            byte[] body = new byte[LongestBody];
            int length = await stream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return Encoding.UTF8.GetString(body, 0, length);
        }
        catch (IOException)
        {
            // The status alone says enough.
            return "";
        }
    }

    private static string? Element(string xml, string name)
    {
        int start = xml.IndexOf($"<{name}>", StringComparison.Ordinal);
        int end = start < 0 ? -1 : xml.IndexOf($"</{name}>", start, StringComparison.Ordinal);
        return end < 0 ? null : WebUtility.HtmlDecode(xml[(start + name.Length + 2)..end]);
    }
}
