using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.Evidence;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Security;

namespace IotOps.Samples.FleetConsole.Pages.Evidences;

/// <summary>The addresses of evidence bundles: for responders.</summary>
internal static class EvidenceEndpoints
{
    private const int MaxName = 100;

    public static void Map(RouteGroupBuilder pages)
    {
        RouteGroupBuilder bundles = pages.MapGroup("/evidence").AddEndpointFilter<RouteGroupBuilder, ResponderFilter>();
        bundles.MapGet("/{id}", static (HttpContext context, PageAnswer answer, EvidenceDesk desk, string id) => answer.ShowAsync<EvidencePage, EvidenceModel>(
            context, "devices", (now, _) => Task.FromResult(desk.Find(id) is { } job ? EvidenceModel.Of(job, now) : null)));
        bundles.MapGet("/{id}/bundle.zip", DownloadAsync);
        bundles.MapPost("/", BeginAsync).AddEndpointFilter<PostFilter>().RequireRateLimiting(RequestLimits.Act);
        bundles.MapPost("/{id}/cancel", CancelAsync).AddEndpointFilter<PostFilter>().RequireRateLimiting(RequestLimits.Act);
    }

    private static async Task<IResult> BeginAsync(HttpContext context, EvidenceDesk desk)
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string thing = form["thing"].ToString(), incident = form["incident"].ToString().Trim();
        if (thing.Length is 0 or > 128 || incident.Length is 0 or > MaxName || incident.Any(char.IsControl))
        {
            return Wrong($"A device and the incident's name are needed: 1 to {MaxName} characters on one line.");
        }

        try
        {
            ViewRange range = ViewRange.Parse(null, form["from"], form["to"]);
            return range.MovesOn ? Wrong("It needs a range, from and to.")
                : await desk.BeginAsync(Actor.Of(context), new EvidenceRequest(incident, thing, range.Fixed)) is { } job ? new SeeOther(Path(job.Id))
                : new ProblemResult(StatusCodes.Status409Conflict, "Two bundles are being made", "Wait until one is at its end, or cancel it.");
        }
        catch (ViewException e)
        {
            return Wrong(e.Message);
        }
    }

    private static async Task<IResult> CancelAsync(HttpContext context, EvidenceDesk desk, string id)
    {
        if (desk.Find(id) is { } job)
        {
            await desk.StopAsync(Actor.Of(context), job);
        }

        return new SeeOther(Path(id));
    }

    // The file holds what devices and people did: who took it along is written down.
    private static async Task<IResult> DownloadAsync(HttpContext context, EvidenceDesk desk, ActLog log, string id)
    {
        if (desk.Find(id) is not { Seal: not null } job)
        {
            return new ProblemResult(StatusCodes.Status404NotFound, "The bundle is not here", "It is not at its end, or more than a day old. Collect it again on the device's page.");
        }

        await log.WriteAsync(Actor.Of(context), ActNames.EvidenceDownload, job.Request.Thing, "granted", id, context.RequestAborted);
        return Results.File(job.Path, "application/zip", $"evidence-{id}.zip");
    }

    private static ProblemResult Wrong(string text) => new(StatusCodes.Status400BadRequest, "Nothing can be collected", text);

    private static string Path(string id) => "/evidence/" + Uri.EscapeDataString(id);
}
