using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using IotOps.Aws;
using IotOps.Detect;

namespace IotOps.Samples.FleetConsole.Acts;

/// <summary>
/// Quarantines as pages see them: plans that wait for somebody, acts that run. A plan is carried out as it was shown, so it is kept here until it
/// is confirmed; what was begun is in the journal, and outlives the console.
/// </summary>
internal sealed class QuarantineDesk(ActLog log, TimeProvider timeProvider, ILogger<QuarantineDesk> logger, QuarantineTools? tools = null) : IHostedService
{
    private const int MaxPlans = 200;
    private static readonly TimeSpan PlanTime = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<string, PlannedQuarantine> _plans = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, RunningAct> _acts = new(StringComparer.Ordinal);
    private int _stopped;

    /// <summary>Whether quarantines are configured.</summary>
    public bool IsConfigured => tools is not null;

    /// <summary>Quarantines that stopped before their end and that nobody runs here, as far as was last looked.</summary>
    public int Stopped => Volatile.Read(ref _stopped);

    /// <exception cref="InvalidOperationException">Quarantines are not configured.</exception>
    private QuarantineTools Tools => tools ?? throw new InvalidOperationException("Quarantines are not configured.");

    /// <summary>Looks at a thing and plans; nothing is changed.</summary>
    /// <exception cref="AwsException">AWS IoT refused.</exception>
    /// <exception cref="ArgumentException">There is no such thing.</exception>
    public async Task<PlannedQuarantine> PlanAsync(Actor actor, string thing, CancellationToken cancellationToken)
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        string id = string.Create(CultureInfo.InvariantCulture, $"q-{now.UtcDateTime:yyyyMMdd-HHmmss}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(2))}");
        await log.WriteAsync(actor, ActNames.Plan, thing, "granted", id, cancellationToken);
        QuarantinePlan plan = await Tools.Runbook.PlanAsync(new QuarantineRequest(id, thing), cancellationToken);
        return await CheckAsync(plan, cancellationToken);
    }

    /// <summary>Looks again at each step as the run would; nothing is changed.</summary>
    public async Task<PlannedQuarantine> CheckAsync(QuarantinePlan plan, CancellationToken cancellationToken)
    {
        QuarantineStatus check = await Tools.Runbook.DryRunAsync(plan, cancellationToken);
        var planned = new PlannedQuarantine(plan, check, timeProvider.GetUtcNow());
        _plans[plan.ViolationId] = planned;
        DropOldPlans();
        return planned;
    }

    /// <summary>A plan that waits; null when there is none, or it is too old to be trusted.</summary>
    public PlannedQuarantine? FindPlan(string id) => _plans.TryGetValue(id, out PlannedQuarantine? planned) && timeProvider.GetUtcNow() - planned.CheckedAt < PlanTime ? planned : null;

    public RunningAct? FindAct(string id) => _acts.GetValueOrDefault(id);

    /// <summary>How a quarantine stands; null when the journal has none.</summary>
    public async Task<QuarantineStatus?> StatusAsync(string id, CancellationToken cancellationToken) => await Tools.Runbook.StatusAsync(id, cancellationToken);

    public Task<IReadOnlyList<QuarantineEntry>> EntriesAsync(string id, CancellationToken cancellationToken) => Tools.Journal.ReadAsync(id, cancellationToken);

    /// <summary>All quarantines, those that stopped first, then the latest.</summary>
    public async Task<IReadOnlyList<QuarantineStatus>> ListAsync(CancellationToken cancellationToken)
    {
        List<QuarantineStatus> all = [];
        await foreach (QuarantineStatus status in Tools.Runbook.ListAsync(cancellationToken))
        {
            all.Add(status);
        }

        Volatile.Write(ref _stopped, all.Count(IsStopped));
        return [.. all.OrderByDescending(IsStopped).ThenByDescending(status => status.StartedAt)];
    }

    /// <summary>Whether it stopped before its end and nobody runs it here.</summary>
    public bool IsStopped(QuarantineStatus status) =>
        status.State is QuarantineState.Running or QuarantineState.Undoing or QuarantineState.Revoking && FindAct(status.Plan.ViolationId) is not { IsRunning: true };

    /// <summary>Begins an act. It goes on when the browser leaves, and is stopped by <see cref="StopAct"/> or the console's end; the journal keeps how far it came.</summary>
    /// <returns>False when one runs already.</returns>
    public async Task<bool> BeginAsync(Actor actor, string act, string id, string thing, string reason, Func<QuarantineRunbook, CancellationToken, Task<QuarantineStatus>> run)
    {
        var running = new RunningAct(act, actor.Name, timeProvider.GetUtcNow(), new CancellationTokenSource());
        var begin = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        running.End = RunAsync(actor, running, id, thing, begin.Task, run);
        RunningAct current = _acts.AddOrUpdate(id, running, (_, before) => before.IsRunning ? before : running);
        if (!ReferenceEquals(current, running))
        {
            running.Stop.Cancel();
            begin.SetCanceled();
            return false;
        }

        try
        {
            await log.WriteAsync(actor, act, thing, "begun", $"{id}: {reason}");
        }
        catch
        {
            // What cannot be written down is not done.
            begin.SetCanceled();
            throw;
        }

        begin.SetResult();
        return true;
    }

    /// <summary>Asks an act to stop between its calls; it can be resumed.</summary>
    /// <returns>False when none runs.</returns>
    public async Task<bool> StopAct(Actor actor, string id)
    {
        if (FindAct(id) is not { IsRunning: true } running)
        {
            return false;
        }

        await log.WriteAsync(actor, ActNames.Cancel, id, "granted", $"{running.Act} of {running.By}");
        await running.Stop.CancelAsync();
        return true;
    }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (tools is null)
        {
            return;
        }

        try
        {
            await ListAsync(cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AwsException)
        {
            logger.LogWarning("The journal of quarantines cannot be read: {Problem}", e.Message);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (RunningAct running in _acts.Values.Where(act => act.IsRunning))
        {
            await running.Stop.CancelAsync();
        }

        await Task.WhenAll(_acts.Values.Select(act => (Task)act.End)).WaitAsync(cancellationToken);
    }

    private async Task<QuarantineStatus?> RunAsync(Actor actor, RunningAct act, string id, string thing, Task begin, Func<QuarantineRunbook, CancellationToken, Task<QuarantineStatus>> run)
    {
        try
        {
            await begin;
        }
        catch (OperationCanceledException)
        {
            return null;
        }

        (string outcome, QuarantineStatus? status) = await TryAsync(act, run);
        try
        {
            await log.WriteAsync(actor, act.Act, thing, outcome, $"{id}: {act.Problem ?? status?.Problem ?? status?.State.ToString()}");
            act.HasEnded = true;
            await ListAsync(CancellationToken.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AwsException)
        {
            logger.LogError("The end of {Act} of {Id} cannot be written to the audit log: {Problem}", act.Act, id, e.Message);
        }

        _plans.TryRemove(id, out _);
        return status;
    }

    private async Task<(string Outcome, QuarantineStatus? Status)> TryAsync(RunningAct act, Func<QuarantineRunbook, CancellationToken, Task<QuarantineStatus>> run)
    {
        try
        {
            QuarantineStatus status = await run(Tools.Runbook, act.Stop.Token);
            act.Problem = status.Problem;
            return (status.Problem is null ? "done" : "stopped", status);
        }
        catch (OperationCanceledException) when (act.Stop.IsCancellationRequested)
        {
            act.Problem = "It was cancelled between two calls. Resume it or undo it.";
            return ("cancelled", null);
        }
        catch (Exception e) when (e is AwsException or IOException or UnauthorizedAccessException or HttpRequestException or ArgumentException or InvalidOperationException or OperationCanceledException)
        {
            act.Problem = e.Message;
            return ("failed", null);
        }
    }

    // Somebody who plans and plans does not fill the memory.
    private void DropOldPlans()
    {
        DateTimeOffset now = timeProvider.GetUtcNow();
        foreach ((string id, PlannedQuarantine planned) in _plans)
        {
            if (now - planned.CheckedAt >= PlanTime)
            {
                _plans.TryRemove(id, out _);
            }
        }

        foreach (string id in _plans.OrderByDescending(pair => pair.Value.CheckedAt).Skip(MaxPlans).Select(pair => pair.Key))
        {
            _plans.TryRemove(id, out _);
        }

        foreach ((string id, RunningAct act) in _acts.Where(pair => !pair.Value.IsRunning && now - pair.Value.Since > TimeSpan.FromDays(1)))
        {
            _acts.TryRemove(new KeyValuePair<string, RunningAct>(id, act));
        }
    }
}
