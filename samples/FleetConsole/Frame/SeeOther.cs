namespace IotOps.Samples.FleetConsole.Frame;

/// <summary>After a form was taken: the page to look at, by GET, so that a reload does not send the form again.</summary>
/// <param name="path">A path of this console.</param>
internal sealed class SeeOther(string path) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = path;
        return Task.CompletedTask;
    }
}
