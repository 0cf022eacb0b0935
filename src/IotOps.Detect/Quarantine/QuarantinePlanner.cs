namespace IotOps.Detect.Quarantine;

/// <summary>Looks at a thing and plans its quarantine. It changes nothing.</summary>
internal sealed class QuarantinePlanner(QuarantineRunbookOptions options, IotCalls calls)
{
    private const int MaxGroups = 10;
    private const int MaxPolicies = 10;
    private const int PercentOfFleet = 100;

    /// <exception cref="ArgumentException">There is no such thing.</exception>
    /// <exception cref="Aws.AwsException">AWS IoT refused.</exception>
    public async Task<QuarantinePlan> PlanAsync(QuarantineRequest request, string quarantineGroup, CancellationToken stop)
    {
        DateTimeOffset now = options.TimeProvider.GetUtcNow();
        string thingId = await calls.ThingIdAsync(request.Thing, stop).ConfigureAwait(false)
            ?? throw new ArgumentException($"There is no thing '{request.Thing}' in this account and region.", nameof(request));
        List<QuarantineRefusal> refusals = [];
        List<QuarantinedCertificate> certificates = await CertificatesAsync(request, refusals, stop).ConfigureAwait(false);
        List<QuarantinedGroup> groups = await GroupsAsync(request, quarantineGroup, refusals, stop).ConfigureAwait(false);
        bool isDeniedByGroup = await CheckResourcesAsync(quarantineGroup, refusals, stop).ConfigureAwait(false);
        return new QuarantinePlan
        {
            ViolationId = request.ViolationId,
            Thing = request.Thing,
            ThingId = thingId,
            MadeAt = now,
            Reason = request.Reason,
            Certificates = certificates,
            Groups = groups,
            Refusals = refusals,
            Notes = Notes(quarantineGroup, certificates, groups, isDeniedByGroup),
            Steps = Steps(request, quarantineGroup, certificates, groups, isDeniedByGroup),
            HourlyLimit = await HourlyLimitAsync(stop).ConfigureAwait(false),
            HoldTime = options.HoldTime,
        };
    }

    private async Task<List<QuarantinedCertificate>> CertificatesAsync(QuarantineRequest request, List<QuarantineRefusal> refusals, CancellationToken stop)
    {
        List<QuarantinedCertificate> certificates = [];
        foreach (string principal in await calls.PrincipalsOfAsync(request.Thing, stop).ConfigureAwait(false))
        {
            if (!principal.Contains(":cert/", StringComparison.Ordinal))
            {
                refusals.Add(new(QuarantineRefusalKind.UnsupportedPrincipal, $"The principal {principal} is not a certificate. Detach it from the thing, then plan again.", IsOverridden: false));
                continue;
            }

            string id = principal[(principal.LastIndexOf('/') + 1)..];
            string? status = await calls.StatusOfAsync(id, stop).ConfigureAwait(false);
            List<string> things = await calls.ThingsOfAsync(principal, stop).ConfigureAwait(false);
            var certificate = new QuarantinedCertificate(
                principal, status ?? "MISSING", await calls.PoliciesOfAsync(principal, stop).ConfigureAwait(false), [.. things.Where(thing => thing != request.Thing)]);
            certificates.Add(certificate);
            if (status is not (CertificateStatus.Active or CertificateStatus.Inactive or CertificateStatus.Revoked))
            {
                refusals.Add(new(QuarantineRefusalKind.UnsupportedPrincipal, $"The {StepText.Short(principal)} is {certificate.Status}. End that, then plan again.", IsOverridden: false));
            }

            if (certificate.OtherThings.Count > 0)
            {
                refusals.Add(new(
                    QuarantineRefusalKind.SharedCertificate,
                    $"The {StepText.Short(principal)} is also that of {string.Join(", ", certificate.OtherThings)}. Give them certificates of their own, or allow shared certificates.",
                    request.AllowSharedCertificates));
            }
        }

        if (certificates.Count == 0)
        {
            refusals.Add(new(QuarantineRefusalKind.NoCertificate, $"{request.Thing} has no certificate: a quarantine would take nothing from it.", IsOverridden: false));
        }

        return certificates;
    }

    private async Task<List<QuarantinedGroup>> GroupsAsync(QuarantineRequest request, string quarantineGroup, List<QuarantineRefusal> refusals, CancellationToken stop)
    {
        List<QuarantinedGroup> groups = [];
        foreach (string name in await calls.GroupsOfAsync(request.Thing, stop).ConfigureAwait(false))
        {
            groups.Add(new QuarantinedGroup(name, await calls.GroupAsync(name, stop).ConfigureAwait(false) is { IsDynamic: true }));
        }

        string[] protecting = [.. groups.Select(group => group.Name).Where(name => options.ProtectedGroups.Contains(name, StringComparer.Ordinal))];
        if (protecting.Length > 0)
        {
            refusals.Add(new(
                QuarantineRefusalKind.ProtectedGroup, $"{request.Thing} is in the protected {(protecting.Length == 1 ? "group" : "groups")} {string.Join(", ", protecting)}. Take it out, or allow protected groups.",
                request.AllowProtectedGroups));
        }

        if (groups.Count >= MaxGroups && !IsIn(groups, quarantineGroup))
        {
            refusals.Add(new(
                QuarantineRefusalKind.TooManyGroups,
                $"{request.Thing} is in {groups.Count} groups, and AWS IoT takes no thing into an eleventh: {string.Join(", ", groups.Select(group => group.Name))}. Take it out of one, then plan again.",
                IsOverridden: false));
        }

        return groups;
    }

    /// <returns>Whether the quarantine group has the deny policy itself.</returns>
    private async Task<bool> CheckResourcesAsync(string quarantineGroup, List<QuarantineRefusal> refusals, CancellationToken stop)
    {
        (string Arn, bool IsDynamic)? group = await calls.GroupAsync(quarantineGroup, stop).ConfigureAwait(false);
        if (group is not { IsDynamic: false })
        {
            refusals.Add(new(
                QuarantineRefusalKind.MissingResource,
                group is null ? $"There is no thing group {quarantineGroup}. Create it." : $"The thing group {quarantineGroup} is dynamic. Name a static one.",
                IsOverridden: false));
        }

        if (options.DenyPolicy is not { } policy)
        {
            return false;
        }

        if (!await calls.HasPolicyAsync(policy, stop).ConfigureAwait(false))
        {
            refusals.Add(new(QuarantineRefusalKind.MissingResource, $"There is no policy {policy}. Create it: it denies iot:* on *.", IsOverridden: false));
        }

        return group is { Arn: { } arn } && (await calls.PoliciesOfAsync(arn, stop).ConfigureAwait(false)).Contains(policy);
    }

    private List<string> Notes(string quarantineGroup, List<QuarantinedCertificate> certificates, List<QuarantinedGroup> groups, bool isDeniedByGroup)
    {
        List<string> notes = [];
        foreach (QuarantinedCertificate certificate in certificates.Where(one => one.Status is CertificateStatus.Inactive or CertificateStatus.Revoked))
        {
            notes.Add($"The {StepText.Short(certificate.Arn)} is {certificate.Status} already and stays so when the quarantine is undone.");
        }

        if (IsIn(groups, quarantineGroup))
        {
            notes.Add($"The thing is in {quarantineGroup} already and stays there when the quarantine is undone.");
        }

        if (isDeniedByGroup)
        {
            notes.Add($"{options.DenyPolicy} is attached to {quarantineGroup}, and so to no certificate.");
        }

        notes.AddRange(options.IotData is null ? ["No client of the data endpoint was given: AWS IoT ends the connections some minutes later and publishes the will message."] : []);
        return notes;
    }

    private List<QuarantineStep> Steps(QuarantineRequest request, string quarantineGroup, List<QuarantinedCertificate> certificates, List<QuarantinedGroup> groups, bool isDeniedByGroup)
    {
        List<QuarantineStep> steps = [];
        QuarantinedCertificate[] usable = [.. certificates.Where(one => one.Status is CertificateStatus.Active or CertificateStatus.Inactive)];
        foreach (QuarantinedCertificate certificate in usable.Where(one => one.Status == CertificateStatus.Active))
        {
            Add(QuarantineStepKind.DeactivateCertificate, certificate.Arn, policy: null, certificate.Status);
        }

        foreach (string client in options.IotData is null ? [] : request.ClientIds ?? [request.Thing])
        {
            Add(QuarantineStepKind.DeleteConnection, client, policy: null, before: null);
        }

        if (!IsIn(groups, quarantineGroup))
        {
            Add(QuarantineStepKind.AddToGroup, quarantineGroup, policy: null, string.Join(',', groups.Where(group => !group.IsDynamic).Select(group => group.Name)));
        }

        foreach (QuarantinedCertificate certificate in usable)
        {
            string policies = string.Join(',', certificate.Policies);
            bool attaches = options.DenyPolicy is not null && !isDeniedByGroup && !certificate.Policies.Contains(options.DenyPolicy, StringComparer.Ordinal);
            string[] detached = options.DetachPolicies ? [.. certificate.Policies.Where(policy => policy != options.DenyPolicy)] : [];

            // A certificate takes ten policies. It is not active by now, so that the order opens nothing.
            bool isFull = certificate.Policies.Count >= MaxPolicies && detached.Length > 0;
            foreach (string policy in isFull ? detached : [])
            {
                Add(QuarantineStepKind.DetachPolicy, certificate.Arn, policy, policies);
            }

            if (attaches)
            {
                Add(QuarantineStepKind.AttachPolicy, certificate.Arn, options.DenyPolicy, policies);
            }

            foreach (string policy in isFull ? [] : detached)
            {
                Add(QuarantineStepKind.DetachPolicy, certificate.Arn, policy, policies);
            }
        }

        foreach (QuarantinedCertificate certificate in usable)
        {
            Add(QuarantineStepKind.RevokeCertificate, certificate.Arn, policy: null, CertificateStatus.Inactive);
        }

        return steps;

        void Add(QuarantineStepKind kind, string target, string? policy, string? before) =>
            steps.Add(new QuarantineStep(steps.Count + 1, kind, target) { Policy = policy, Before = before });
    }

    private static bool IsIn(List<QuarantinedGroup> groups, string name) => groups.Exists(group => group.Name == name);

    private async Task<int> HourlyLimitAsync(CancellationToken stop)
    {
        long fleet = options.FleetSize ?? await calls.CountThingsAsync((long)options.MaxPerHour * PercentOfFleet, stop).ConfigureAwait(false);
        return (int)Math.Max(1, Math.Min(options.MaxPerHour, fleet / PercentOfFleet));
    }
}
