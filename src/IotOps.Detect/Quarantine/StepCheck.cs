using IotOps.Aws;

namespace IotOps.Detect.Quarantine;

/// <summary>Looks again, before each call, whether all is as the plan found it and as the calls before left it.</summary>
internal sealed class StepCheck(IotCalls calls)
{
    private const int MaxGroups = 10;

    /// <exception cref="AwsException">AWS IoT refused to say.</exception>
    public async Task<StepFinding> BeforeAsync(QuarantineCase quarantine, StepRecord record, CancellationToken stop)
    {
        QuarantinePlan plan = quarantine.Plan;
        QuarantineStep step = record.Step;
        if (step.Kind == QuarantineStepKind.DeleteConnection)
        {
            return StepFinding.Ready;
        }

        string? thingId = await calls.ThingIdAsync(plan.Thing, stop).ConfigureAwait(false);
        if (thingId != plan.ThingId)
        {
            return StepFinding.Changed(thingId is null ? $"{plan.Thing} was deleted." : $"{plan.Thing} was deleted, and made again as another thing.");
        }

        List<string> principals = await calls.PrincipalsOfAsync(plan.Thing, stop).ConfigureAwait(false);
        if (!principals.SequenceEqual(plan.Certificates.Select(certificate => certificate.Arn).Order(StringComparer.Ordinal), StringComparer.Ordinal))
        {
            return StepFinding.Changed($"{plan.Thing} has other certificates now: {PlanText.List(principals.Select(StepText.Short))}.");
        }

        return step.Kind switch
        {
            QuarantineStepKind.DeactivateCertificate => await CertificateAsync(plan, step, CertificateStatus.Inactive, stop).ConfigureAwait(false),
            QuarantineStepKind.RevokeCertificate => await CertificateAsync(plan, step, CertificateStatus.Revoked, stop).ConfigureAwait(false),
            QuarantineStepKind.AddToGroup => await GroupsAsync(plan, step, stop).ConfigureAwait(false),
            _ => await PoliciesAsync(quarantine, step, stop).ConfigureAwait(false),
        };
    }

    /// <summary>Whether the inverse of a call is to be made. What the plan did not find out is not asked: an undo only gives back what was taken.</summary>
    /// <exception cref="AwsException">AWS IoT refused to say.</exception>
    public async Task<StepFinding> BeforeUndoAsync(QuarantinePlan plan, QuarantineStep step, CancellationToken stop)
    {
        switch (step.Kind)
        {
            case QuarantineStepKind.DeactivateCertificate:
                string? status = await calls.StatusOfAsync(CertificateId(step), stop).ConfigureAwait(false);
                return status == step.Before ? StepFinding.Done
                    : status == CertificateStatus.Inactive ? StepFinding.Ready
                    : StepFinding.Changed($"The {StepText.Short(step.Target)} is {status ?? "deleted"}, and cannot be {step.Before} again.");
            case QuarantineStepKind.AddToGroup:
                return await calls.ThingIdAsync(plan.Thing, stop).ConfigureAwait(false) == plan.ThingId
                    && (await calls.GroupsOfAsync(plan.Thing, stop).ConfigureAwait(false)).Contains(step.Target)
                    ? StepFinding.Ready
                    : StepFinding.Done;
            case QuarantineStepKind.AttachPolicy:
                return await IsAttachedAsync(step, stop).ConfigureAwait(false) ? StepFinding.Ready : StepFinding.Done;
            case QuarantineStepKind.DetachPolicy:
                return await IsAttachedAsync(step, stop).ConfigureAwait(false) ? StepFinding.Done : StepFinding.Ready;
            default:
                return StepFinding.Done;
        }
    }

    private async Task<StepFinding> CertificateAsync(QuarantinePlan plan, QuarantineStep step, string goal, CancellationToken stop)
    {
        string? status = await calls.StatusOfAsync(CertificateId(step), stop).ConfigureAwait(false);
        if (status == goal)
        {
            return StepFinding.Done;
        }

        if (status != step.Before)
        {
            return StepFinding.Changed($"The {StepText.Short(step.Target)} is {status ?? "deleted"}; it was {step.Before}.");
        }

        IReadOnlyList<string> known = plan.Certificates.Single(certificate => certificate.Arn == step.Target).OtherThings;
        List<string> others = await calls.ThingsOfAsync(step.Target, stop).ConfigureAwait(false);
        others.Remove(plan.Thing);
        return others.Except(known, StringComparer.Ordinal).ToArray() is { Length: > 0 } more
            ? StepFinding.Changed($"The {StepText.Short(step.Target)} is also that of {string.Join(", ", more)} now.")
            : StepFinding.Ready;
    }

    private async Task<StepFinding> GroupsAsync(QuarantinePlan plan, QuarantineStep step, CancellationToken stop)
    {
        List<string> groups = await calls.GroupsOfAsync(plan.Thing, stop).ConfigureAwait(false);
        if (groups.Contains(step.Target))
        {
            return StepFinding.Done;
        }

        // Who is in a dynamic group may change with the connection that has just been ended.
        foreach (string group in plan.Groups.Where(group => !group.IsDynamic).Select(group => group.Name))
        {
            if (!groups.Contains(group))
            {
                return StepFinding.Changed($"{plan.Thing} is not in {group} any more.");
            }
        }

        foreach (string group in groups.Where(name => plan.Groups.All(known => known.Name != name)))
        {
            if (await calls.GroupAsync(group, stop).ConfigureAwait(false) is not { IsDynamic: true })
            {
                return StepFinding.Changed($"{plan.Thing} is in {group} now.");
            }
        }

        return groups.Count < MaxGroups
            ? StepFinding.Ready
            : StepFinding.Changed($"{plan.Thing} is in {groups.Count} groups, and AWS IoT takes no thing into an eleventh: {string.Join(", ", groups)}.");
    }

    private async Task<StepFinding> PoliciesAsync(QuarantineCase quarantine, QuarantineStep step, CancellationToken stop)
    {
        HashSet<string> expected = [.. quarantine.Plan.Certificates.Single(certificate => certificate.Arn == step.Target).Policies];
        foreach (StepRecord other in quarantine.Steps.Where(other => other.State == QuarantineStepState.Done && other.Step.Target == step.Target && other.Step.Policy is not null))
        {
            Apply(other.Step, expected);
        }

        List<string> policies = await calls.PoliciesOfAsync(step.Target, stop).ConfigureAwait(false);
        if (expected.SetEquals(policies))
        {
            return StepFinding.Ready;
        }

        Apply(step, expected);
        return expected.SetEquals(policies)
            ? StepFinding.Done
            : StepFinding.Changed($"The {StepText.Short(step.Target)} has other policies now: {PlanText.List(policies)}.");
    }

    private static void Apply(QuarantineStep step, HashSet<string> policies)
    {
        if (step.Kind == QuarantineStepKind.AttachPolicy)
        {
            policies.Add(step.Policy!);
        }
        else
        {
            policies.Remove(step.Policy!);
        }
    }

    private async Task<bool> IsAttachedAsync(QuarantineStep step, CancellationToken stop)
    {
        try
        {
            return (await calls.PoliciesOfAsync(step.Target, stop).ConfigureAwait(false)).Contains(step.Policy!);
        }
        catch (AwsException e) when (e.Code == IotCalls.NotFound)
        {
            // The certificate is gone, and whatever was attached to it: to attach it again fails, and says so.
            return false;
        }
    }

    private static string CertificateId(QuarantineStep step) => step.Target[(step.Target.LastIndexOf('/') + 1)..];
}
