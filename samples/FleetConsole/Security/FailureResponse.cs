using IotOps.Samples.FleetConsole.Frame;
using Microsoft.AspNetCore.Diagnostics;

namespace IotOps.Samples.FleetConsole.Security;

/// <summary>The answer when a page failed: what kind of failure, never its text, which may hold paths or answers of services.</summary>
internal static class FailureResponse
{
    public static Task WriteAsync(HttpContext context)
    {
        Exception? failure = context.Features.Get<IExceptionHandlerFeature>()?.Error;
        (int status, string title, string text) = failure switch
        {
            BadHttpRequestException bad => (bad.StatusCode, "The request cannot be read", "Check the address and go back to a page that you know."),
            IOException or TimeoutException => (503, "The store does not answer", "Nothing was changed. The console's log has the reason. Reload in a moment."),
            _ => (500, "This page failed", "The console's log has the reason."),
        };
        return new ProblemResult(status, title, text).ExecuteAsync(context);
    }
}
