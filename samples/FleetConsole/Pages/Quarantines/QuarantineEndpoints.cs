using IotOps.Aws;
using IotOps.Detect;
using IotOps.Samples.FleetConsole.Acts;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Security;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Quarantines;

/// <summary>The addresses of quarantines, and their acts.</summary>
internal static class QuarantineEndpoints
{
    private const int MaxReason = 300;

    public static void Map(RouteGroupBuilder pages)
    {
        pages.MapGet("/quarantine", static (HttpContext context, PageAnswer answer, QuarantineDesk desk, IConsoleStore store) => answer.ShowAsync<QuarantinesPage, QuarantinesModel>(
            context, "quarantine", async (_, cancellationToken) => await QuarantinesModel.ReadAsync(desk, store, cancellationToken)));
        pages.MapGet("/quarantine/{id}", static (HttpContext context, PageAnswer answer, QuarantineDesk desk, string id, int? step) => answer.ShowAsync<QuarantinePage, QuarantineModel>(
            context, "quarantine", (now, cancellationToken) => QuarantineModel.ReadAsync(desk, id, step, now, cancellationToken)));

        RouteGroupBuilder acts = pages.MapGroup("/quarantine").AddEndpointFilter<RouteGroupBuilder, PostFilter>().AddEndpointFilter<RouteGroupBuilder, ResponderFilter>().RequireRateLimiting(RequestLimits.Act);
        acts.MapPost("/plan", PlanAsync);
        acts.MapPost("/{id}/dry-run", CheckAsync);
        acts.MapPost("/{id}/execute", ExecuteAsync);
        acts.MapPost("/{id}/resume", ResumeAsync);
        acts.MapPost("/{id}/undo", UndoAsync);
        acts.MapPost("/{id}/undo-step/{step:int}", UndoStepAsync);
        acts.MapPost("/{id}/cancel", static async (HttpContext context, QuarantineDesk desk, string id) =>
        {
            await desk.StopAct(Actor.Of(context), id);
            return new SeeOther(Path(id));
        });
    }

    private static async Task<IResult> PlanAsync(HttpContext context, QuarantineDesk desk)
    {
        string thing = ((string?)(await context.Request.ReadFormAsync(context.RequestAborted))["thing"] ?? "").Trim();
        if (!desk.IsConfigured || thing.Length is 0 or > 128)
        {
            return new ProblemResult(StatusCodes.Status400BadRequest, "No quarantine can be planned", desk.IsConfigured ? "Name a thing." : "Quarantines are not configured.");
        }

        return await TryAsync(async () => new SeeOther(Path((await desk.PlanAsync(Actor.Of(context), thing, context.RequestAborted)).Plan.ViolationId)));
    }

    private static async Task<IResult> CheckAsync(HttpContext context, QuarantineDesk desk, string id) =>
        desk.FindPlan(id) is not { } planned ? Gone() : await TryAsync(async () =>
        {
            await desk.CheckAsync(planned.Plan, context.RequestAborted);
            return new SeeOther(Path(id));
        });

    private static async Task<IResult> ExecuteAsync(HttpContext context, QuarantineDesk desk, string id)
    {
        if (desk.FindPlan(id) is not { } planned)
        {
            return Gone();
        }

        (string reason, IResult? refused) = await ConfirmAsync(context, planned.Plan.Thing);
        QuarantinePlan plan = planned.Plan with { Reason = reason };
        string who = Actor.Of(context).Name;
        return refused ?? await BeginAsync(context, desk, ActNames.Execute, plan, reason, (runbook, stop) => runbook.ExecuteAsync(plan, who, stop));
    }

    private static async Task<IResult> ResumeAsync(HttpContext context, QuarantineDesk desk, string id) =>
        !desk.IsConfigured || await desk.StatusAsync(id, context.RequestAborted) is not { } status
            ? Gone()
            : await BeginAsync(context, desk, ActNames.Resume, status.Plan, "resumed", (runbook, stop) => runbook.ResumeAsync(id, stop));

    private static async Task<IResult> UndoAsync(HttpContext context, QuarantineDesk desk, string id)
    {
        if (!desk.IsConfigured || await desk.StatusAsync(id, context.RequestAborted) is not { } status)
        {
            return Gone();
        }

        (string reason, IResult? refused) = await ConfirmAsync(context, status.Plan.Thing);
        string who = Actor.Of(context).Name;
        return refused ?? await BeginAsync(context, desk, ActNames.Undo, status.Plan, reason, (runbook, stop) => runbook.UndoAsync(id, who, reason, stop));
    }

    private static async Task<IResult> UndoStepAsync(HttpContext context, QuarantineDesk desk, string id, int step)
    {
        if (!desk.IsConfigured || await desk.StatusAsync(id, context.RequestAborted) is not { } status || status.Plan.Steps.All(one => one.Number != step))
        {
            return Gone();
        }

        (string reason, IResult? refused) = await ConfirmAsync(context, status.Plan.Thing);
        string who = Actor.Of(context).Name;
        return refused ?? await BeginAsync(context, desk, ActNames.UndoStep, status.Plan, $"step {step}: {reason}", (runbook, stop) => runbook.UndoStepAsync(id, step, who, reason, stop));
    }

    private static async Task<IResult> BeginAsync(
        HttpContext context, QuarantineDesk desk, string act, QuarantinePlan plan, string reason, Func<QuarantineRunbook, CancellationToken, Task<QuarantineStatus>> run) =>
        await desk.BeginAsync(Actor.Of(context), act, plan.ViolationId, plan.Thing, reason, run)
            ? new SeeOther(Path(plan.ViolationId))
            : new ProblemResult(StatusCodes.Status409Conflict, "It runs already", "Somebody acts on this quarantine now. Look at its page.");

    // The page's button waits for the name, but without script it does not; so it is compared here.
    private static async Task<(string Reason, IResult? Refused)> ConfirmAsync(HttpContext context, string thing)
    {
        IFormCollection form = await context.Request.ReadFormAsync(context.RequestAborted);
        string reason = ((string?)form["reason"] ?? "").Trim();
        string? problem = ((string?)form["confirm"] ?? "").Trim() != thing ? $"The name that was typed in is not '{thing}'."
            : reason.Length is 0 or > MaxReason || reason.Any(char.IsControl) ? $"A reason is needed: 1 to {MaxReason} characters on one line."
            : null;
        return (reason, problem is null ? null : new ProblemResult(StatusCodes.Status400BadRequest, "Not confirmed", $"{problem} Nothing was done. Go back and type it again."));
    }

    private static async Task<IResult> TryAsync(Func<Task<IResult>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception e) when (e is AwsException or ArgumentException or HttpRequestException or InvalidOperationException)
        {
            return new ProblemResult(StatusCodes.Status502BadGateway, "AWS IoT could not be asked", $"{e.Message.Split(" (Parameter", 2)[0]} Nothing was changed.");
        }
    }

    private static ProblemResult Gone() => new(StatusCodes.Status404NotFound, "The plan is not here any more", "Plans are kept for 30 minutes and not over a restart. Plan the quarantine again on the device's page; nothing was done.");

    private static string Path(string id) => "/quarantine/" + Uri.EscapeDataString(id);
}
