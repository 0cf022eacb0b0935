using System.Runtime.CompilerServices;
using IotOps.Aws;
using IotOps.Detect.Quarantine;

namespace IotOps.Detect;

/// <summary>
/// Takes a compromised thing out of the fleet, so that it can be undone: plan, dry run, execute, hold, revoke. Each step is journalled before and
/// after its call; a run that was killed at any point is resumed by the next one, which looks what took effect and repeats nothing. Before each
/// call it looks whether the thing is still as the plan found it, and stops when it is not. Needs <c>iot:DescribeThing, ListThings,
/// ListThingPrincipals, ListPrincipalThings, ListThingGroupsForThing, DescribeThingGroup, DescribeCertificate, ListAttachedPolicies, GetPolicy,
/// UpdateCertificate, AddThingToThingGroup, RemoveThingFromThingGroup, AttachPolicy, DetachPolicy, DeleteConnection, GetConnection</c>. Thread-safe;
/// of two runs of one quarantine one ends.
/// See https://docs.aws.amazon.com/iot-device-defender/latest/devguide/dd-mitigation-actions.html.
/// </summary>
public sealed class QuarantineRunbook
{
    private const int MaxNameLength = 128;
    private const string Final = "Its certificates are revoked, or about to be: that is final. Give the device a new certificate instead.";
    private static readonly TimeSpan LimitWindow = TimeSpan.FromHours(1);

    private readonly QuarantineRunbookOptions _options;
    private readonly QuarantinePlanner _planner;
    private readonly StepCheck _check;
    private readonly StepCalls _calls;

    /// <summary>Makes a runbook; nothing is called yet.</summary>
    /// <param name="options">What it works with.</param>
    /// <exception cref="ArgumentException">An option cannot be.</exception>
    public QuarantineRunbook(QuarantineRunbookOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        string? wrong = options switch
        {
            { QuarantineGroup: "" } => $"{nameof(options.QuarantineGroup)} is empty; name a static thing group.",
            { MaxPerHour: < 1 } => $"{nameof(options.MaxPerHour)} is 1 or more, not {options.MaxPerHour}.",
            { FleetSize: < 0 } => $"{nameof(options.FleetSize)} is not negative.",
            _ when options.HoldTime < TimeSpan.Zero => $"{nameof(options.HoldTime)} is not negative.",
            _ when options.QuarantineGroup is { } group && options.ProtectedGroups.Contains(group, StringComparer.Ordinal) => $"{nameof(options.QuarantineGroup)} is not among the {nameof(options.ProtectedGroups)}.",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new ArgumentException(wrong, nameof(options));
        }

        _options = options;
        var calls = new IotCalls(options.Iot);
        _planner = new QuarantinePlanner(options, calls);
        _check = new StepCheck(calls);
        _calls = new StepCalls(calls, options.IotData);
    }

    /// <summary>Looks at a thing and plans its quarantine. Nothing is changed.</summary>
    /// <param name="request">Which thing, and why.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentException">The request cannot be, or there is no such thing.</exception>
    /// <exception cref="InvalidOperationException">The options have no <see cref="QuarantineRunbookOptions.QuarantineGroup"/>.</exception>
    /// <exception cref="AwsException">AWS IoT refused.</exception>
    public Task<QuarantinePlan> PlanAsync(QuarantineRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.ViolationId is not { Length: > 0 and <= MaxNameLength } || request.ViolationId.Any(char.IsControl) || request.ViolationId[0] == '#')
        {
            throw new ArgumentException($"The violation id has 1 to {MaxNameLength} characters, none of them a control character, and does not begin with '#'.", nameof(request));
        }

        ArgumentException.ThrowIfNullOrEmpty(request.Thing, nameof(request));
        return _options.QuarantineGroup is { } group
            ? _planner.PlanAsync(request, group, cancellationToken)
            : throw new InvalidOperationException($"The runbook has no {nameof(QuarantineRunbookOptions.QuarantineGroup)}, which a plan needs.");
    }

    /// <summary>
    /// Looks at each step as <see cref="ExecuteAsync"/> would before its call. Nothing is changed and nothing is journalled; how many quarantines
    /// began within the hour is not counted. Of a quarantine that began it says how it stands.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How it would go; <see cref="QuarantineStatus.Problem"/> says what would stop it.</returns>
    /// <exception cref="AwsException">AWS IoT refused.</exception>
    public async Task<QuarantineStatus> DryRunAsync(QuarantinePlan plan, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        if (await FindAsync(plan.ViolationId, cancellationToken).ConfigureAwait(false) is { } begun)
        {
            return begun.Status(Mismatch(begun, plan));
        }

        if (!plan.IsAllowed)
        {
            return NotStarted(plan, Refused(plan));
        }

        // The policies of a certificate are compared with what the steps before would have left: the first of each target's is enough.
        var started = QuarantineCase.Of([Start(plan, by: null)])!;
        foreach (StepRecord record in started.Steps.Where(record => !record.Step.IsFinal).DistinctBy(record => (record.Step.Target, record.Step.Policy is null)))
        {
            StepFinding finding = await _check.BeforeAsync(started, record, cancellationToken).ConfigureAwait(false);
            if (finding.State != StepFindingState.Ready)
            {
                return NotStarted(plan, $"Step {record.Step.Number} ({StepText.Call(record.Step)}) would stop it: {finding.Message ?? "Somebody else has done it."} Plan again.");
            }
        }

        return NotStarted(plan, problem: null);
    }

    /// <summary>
    /// Carries a plan out up to the hold, or resumes the quarantine of its violation: then the journal's plan counts, and must be of the same
    /// thing.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="by">Who does it, for the journal.</param>
    /// <param name="cancellationToken">Ends the run between or within calls; the next run resumes it.</param>
    /// <returns>How it stands; <see cref="QuarantineStatus.Problem"/> says what stopped it, and it can be run again or undone.</returns>
    public async Task<QuarantineStatus> ExecuteAsync(QuarantinePlan plan, string by, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentException.ThrowIfNullOrEmpty(by);
        QuarantineCase? quarantine = await FindAsync(plan.ViolationId, cancellationToken).ConfigureAwait(false);
        if (quarantine is null)
        {
            if (!plan.IsAllowed)
            {
                return NotStarted(plan, Refused(plan));
            }

            QuarantineEntry first = Start(plan, by);
            QuarantineStart start = await Journal.StartAsync(first, first.Time - LimitWindow, plan.HourlyLimit, cancellationToken).ConfigureAwait(false);
            if (start == QuarantineStart.LimitReached)
            {
                return NotStarted(plan, $"{plan.HourlyLimit} {(plan.HourlyLimit == 1 ? "quarantine has" : "quarantines have")} begun within an hour, as many as may. Wait, or raise the limit.");
            }

            quarantine = start == QuarantineStart.Written ? QuarantineCase.Of([first])! : (await FindAsync(plan.ViolationId, cancellationToken).ConfigureAwait(false))!;
        }

        return Mismatch(quarantine, plan) is { } mismatch ? quarantine.Status(mismatch) : await ForwardAsync(quarantine, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Resumes the quarantine of a violation, by the journal alone.</summary>
    /// <param name="violationId">The violation.</param>
    /// <param name="cancellationToken">Ends the run; the next one resumes it.</param>
    /// <returns>How it stands.</returns>
    /// <exception cref="ArgumentException">The journal has no such quarantine.</exception>
    public async Task<QuarantineStatus> ResumeAsync(string violationId, CancellationToken cancellationToken = default) =>
        await ForwardAsync(await GetAsync(violationId, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>Undoes what was done, the last call first, or resumes the undoing. No longer possible once a certificate was to be revoked.</summary>
    /// <param name="violationId">The violation.</param>
    /// <param name="by">Who does it, for the journal.</param>
    /// <param name="reason">Why, for the journal.</param>
    /// <param name="cancellationToken">Ends the run; the next one resumes it.</param>
    /// <returns>How it stands; <see cref="QuarantineStatus.Problem"/> says what stopped it.</returns>
    /// <exception cref="ArgumentException">The journal has no such quarantine.</exception>
    public async Task<QuarantineStatus> UndoAsync(string violationId, string by, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(by);
        ArgumentNullException.ThrowIfNull(reason);
        QuarantineCase quarantine = await GetAsync(violationId, cancellationToken).ConfigureAwait(false);
        if (quarantine.IsFinal || quarantine.State == QuarantineState.Undone)
        {
            return quarantine.Status(quarantine.IsFinal ? Final : null);
        }

        return await RunAsync(quarantine, async (runner, writer) =>
        {
            if (!quarantine.IsUndoneWhole)
            {
                await writer.WriteAsync(QuarantineEntryKind.UndoStarted, cancellationToken, note: reason, by: by).ConfigureAwait(false);
            }

            return await runner.BackAsync(cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>
    /// Undoes one step, or resumes that; the others stay in effect. From then on the quarantine is only undone, step by step or by
    /// <see cref="UndoAsync"/>, and is <see cref="QuarantineState.Undone"/> with its last step: a quarantine that has lost a step is not resumed
    /// and not revoked. On one target the later step is undone first: a step is refused while a later one on its certificate is in effect.
    /// </summary>
    /// <param name="violationId">The violation.</param>
    /// <param name="step">The step's <see cref="QuarantineStep.Number"/>.</param>
    /// <param name="by">Who does it, for the journal.</param>
    /// <param name="reason">Why, for the journal.</param>
    /// <param name="cancellationToken">Ends the run; the next one resumes it.</param>
    /// <returns>How it stands; <see cref="QuarantineStatus.Problem"/> says what stopped it. Of a step that is undone already it has none.</returns>
    /// <exception cref="ArgumentException">The journal has no such quarantine, or its plan no such step.</exception>
    public async Task<QuarantineStatus> UndoStepAsync(string violationId, int step, string by, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(by);
        ArgumentNullException.ThrowIfNull(reason);
        QuarantineCase quarantine = await GetAsync(violationId, cancellationToken).ConfigureAwait(false);
        StepRecord record = quarantine.Steps.FirstOrDefault(one => one.Step.Number == step)
            ?? throw new ArgumentException($"The quarantine has {quarantine.Steps.Count} steps, from 1; there is no step {step}.", nameof(step));
        string? refusal = quarantine.IsFinal ? Final : quarantine.WhyNotUndone(record);
        if (refusal is not null || quarantine.State == QuarantineState.Undone)
        {
            return quarantine.Status(refusal);
        }

        return await RunAsync(quarantine, async (runner, writer) =>
        {
            if (!record.WasUndoAsked && record.State != QuarantineStepState.Undone)
            {
                await writer.WriteAsync(QuarantineEntryKind.UndoStarted, cancellationToken, step, note: reason, by: by).ConfigureAwait(false);
            }

            return await runner.BackAsync(record, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>Revokes the certificates of a quarantine that was held long enough, or resumes that. It is final.</summary>
    /// <param name="violationId">The violation.</param>
    /// <param name="approvedBy">Who approved it, for the journal.</param>
    /// <param name="reason">Why, for the journal.</param>
    /// <param name="cancellationToken">Ends the run; the next one resumes it.</param>
    /// <returns>How it stands; <see cref="QuarantineStatus.Problem"/> says what stopped it.</returns>
    /// <exception cref="ArgumentException">The journal has no such quarantine, or nobody or nothing is named.</exception>
    public async Task<QuarantineStatus> RevokeAsync(string violationId, string approvedBy, string reason, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(approvedBy);
        ArgumentException.ThrowIfNullOrWhiteSpace(reason);
        QuarantineCase quarantine = await GetAsync(violationId, cancellationToken).ConfigureAwait(false);
        DateTimeOffset now = _options.TimeProvider.GetUtcNow();
        string? problem = quarantine.State switch
        {
            QuarantineState.Revoked => null,
            QuarantineState.Revoking => null,
            QuarantineState.Held when now < quarantine.HeldSince + quarantine.Plan.HoldTime =>
                $"It is held since {PlanText.Time(quarantine.HeldSince!.Value)} and may be revoked from {PlanText.Time((quarantine.HeldSince + quarantine.Plan.HoldTime).Value)} on.",
            QuarantineState.Held => null,
            _ => "Only a quarantine that is held can be revoked. Run it to its end first.",
        };
        if (problem is not null || quarantine.State == QuarantineState.Revoked)
        {
            return quarantine.Status(problem);
        }

        return await RunAsync(quarantine, async (runner, writer) =>
        {
            if (quarantine.State != QuarantineState.Revoking)
            {
                await writer.WriteAsync(QuarantineEntryKind.Approved, cancellationToken, note: reason, by: approvedBy).ConfigureAwait(false);
            }

            return await runner.ForwardAsync(isFinal: true, cancellationToken).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>How the quarantine of a violation stands; null when the journal has none.</summary>
    public async Task<QuarantineStatus?> StatusAsync(string violationId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(violationId);
        return (await FindAsync(violationId, cancellationToken).ConfigureAwait(false))?.Status();
    }

    /// <summary>How all quarantines of the journal stand, in no order.</summary>
    public async IAsyncEnumerable<QuarantineStatus> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (string violationId in Journal.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await FindAsync(violationId, cancellationToken).ConfigureAwait(false) is { } quarantine)
            {
                yield return quarantine.Status();
            }
        }
    }

    private async Task<QuarantineStatus> ForwardAsync(QuarantineCase quarantine, CancellationToken stop)
    {
        string? problem = quarantine.State switch
        {
            QuarantineState.Undoing => "It is being undone. Undo it to its end.",
            QuarantineState.Undone => "It is undone. Another quarantine of the thing needs a violation id of its own.",
            _ => null,
        };
        return problem is not null || quarantine.State is QuarantineState.Revoking or QuarantineState.Revoked
            ? quarantine.Status(problem)
            : await RunAsync(quarantine, (runner, _) => runner.ForwardAsync(isFinal: false, stop)).ConfigureAwait(false);
    }

    private async Task<QuarantineStatus> RunAsync(QuarantineCase quarantine, Func<CaseRunner, CaseWriter, Task<string?>> run)
    {
        var writer = new CaseWriter(Journal, quarantine, _options.TimeProvider);
        try
        {
            return quarantine.Status(await run(new CaseRunner(_check, _calls, quarantine, writer), writer).ConfigureAwait(false));
        }
        catch (QuarantineConflictException e)
        {
            return quarantine.Status(e.Message);
        }
    }

    private async Task<QuarantineCase?> FindAsync(string violationId, CancellationToken stop) =>
        QuarantineCase.Of(await Journal.ReadAsync(violationId, stop).ConfigureAwait(false));

    private async Task<QuarantineCase> GetAsync(string violationId, CancellationToken stop)
    {
        ArgumentException.ThrowIfNullOrEmpty(violationId);
        return await FindAsync(violationId, stop).ConfigureAwait(false)
            ?? throw new ArgumentException($"The journal has no quarantine for violation '{violationId}'.", nameof(violationId));
    }

    private QuarantineEntry Start(QuarantinePlan plan, string? by) =>
        new(plan.ViolationId, 1, _options.TimeProvider.GetUtcNow(), QuarantineEntryKind.Started) { By = by, Plan = plan };

    private IQuarantineJournal Journal => _options.Journal
        ?? throw new InvalidOperationException($"The runbook has no {nameof(QuarantineRunbookOptions.Journal)}, which everything but a plan needs.");

    private static string? Mismatch(QuarantineCase quarantine, QuarantinePlan plan) => quarantine.Plan.ThingId == plan.ThingId
        ? null
        : $"Violation {plan.ViolationId} has a quarantine of {quarantine.Plan.Thing} already; that of {plan.Thing} needs a violation id of its own.";

    private static string Refused(QuarantinePlan plan) =>
        $"Refused: {string.Join(' ', plan.Refusals.Where(refusal => !refusal.IsOverridden).Select(refusal => refusal.Message))}";

    private static QuarantineStatus NotStarted(QuarantinePlan plan, string? problem) => new()
    {
        Plan = plan,
        State = QuarantineState.NotStarted,
        Steps = [.. plan.Steps.Select(step => new QuarantineStepStatus(step, QuarantineStepState.Waiting, At: null, Note: null, IsUndoable: false))],
        Problem = problem,
    };
}
