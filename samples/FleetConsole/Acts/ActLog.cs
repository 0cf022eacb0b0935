using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Acts;

/// <summary>The audit row of each act: before it, so that nothing happens that is not written, and when it ended.</summary>
internal sealed class ActLog(IConsoleAudit audit, TimeProvider timeProvider)
{
    private const int MaxDetail = 1_000;

    public Task WriteAsync(Actor actor, string act, string target, string outcome, string? detail, CancellationToken cancellationToken = default) => audit.AppendAuditAsync(
        new AuditRow(timeProvider.GetUtcNow(), actor.Name, actor.Role, act, target, outcome) { Address = actor.Address, Detail = detail is { Length: > MaxDetail } ? detail[..MaxDetail] : detail },
        cancellationToken);
}
