using Microsoft.AspNetCore.Http.HttpResults;

namespace IotOps.Samples.FleetConsole.Frame;

/// <summary>A page that says what cannot be shown or done, and what to do.</summary>
internal sealed class ProblemResult(int status, string title, string text) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext) => new RazorComponentResult<ProblemPage>(new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        [nameof(ProblemPage.Page)] = httpContext.RequestServices.GetRequiredService<PageFrame>().Of(httpContext, ""),
        [nameof(ProblemPage.Title)] = title,
        [nameof(ProblemPage.Text)] = text,
    })
    { StatusCode = status }.ExecuteAsync(httpContext);
}
