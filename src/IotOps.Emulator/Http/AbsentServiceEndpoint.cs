using System.Net.Mime;
using System.Security;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Http;

/// <summary>
/// Answers a request that is signed for a service that the emulator has not, with that service's name: left to S3, which takes any path, it
/// would be refused as a request to the wrong endpoint.
/// </summary>
/// <param name="services">The signing names of those that it has.</param>
internal sealed class AbsentServiceEndpoint(IReadOnlyList<string> services) : IEndpoint
{
    private const string End = "/aws4_request";

    public bool IsFor(HttpContext context) => Service(context.Request) is { } service && !services.Contains(service, StringComparer.Ordinal);

    public Task HandleAsync(HttpContext context)
    {
        Refusal refusal = Refusal.NotImplemented($"The emulator has no service '{Service(context.Request)}'; it has {string.Join(", ", services)}.");

        // SNS, EC2 and others of their age are called by forms, and their clients read the error from XML alone.
        return context.Request.HasFormContentType ? WriteXmlAsync(context, refusal)
            : context.Request.Headers.ContainsKey("X-Amz-Target") ? JsonAnswer.WriteAsync(context, refusal)
            : RestJsonError.WriteAsync(context, refusal);
    }

    // Credential=ID/DATE/REGION/SERVICE/aws4_request
    private static string? Service(HttpRequest request)
    {
        string authorization = request.Headers.Authorization.ToString();
        int end = authorization.IndexOf(End, StringComparison.Ordinal);
        int begin = end < 0 ? -1 : authorization.LastIndexOf('/', end - 1);
        return begin < 0 ? null : authorization[(begin + 1)..end];
    }

    private static Task WriteXmlAsync(HttpContext context, Refusal refusal)
    {
        string body = $"<ErrorResponse><Error><Type>Sender</Type><Code>{refusal.Code}</Code><Message>{SecurityElement.Escape(refusal.Message)}</Message></Error></ErrorResponse>";
        return JsonAnswer.WriteAsync(context, refusal.Status, Encoding.UTF8.GetBytes(body), contentType: MediaTypeNames.Text.Xml);
    }
}
