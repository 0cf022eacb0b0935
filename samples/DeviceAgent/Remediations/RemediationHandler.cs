using System.Text.Json;
using IotOps.Shadow;
using Microsoft.Extensions.Logging;

namespace IotOps.Samples.DeviceAgent.Remediations;

/// <summary>
/// Does what the desired shadow's remediation asks for, once. It is reported as begun, on the disk, before it is done, and as done after it: an agent that
/// ended in between does it again, but a restart, which is done by then.
/// </summary>
internal sealed class RemediationHandler(DeviceShadow shadow, IRemediationActions actions) : IDisposable
{
    private const string Member = "remediation";
    private const string Begun = "begun";
    private const string RestartAction = "restart";

    private readonly SemaphoreSlim _gate = new(1, 1);

    /// <summary>Looks at the shadow; a remediation that is done is passed over.</summary>
    public async Task HandleAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (Read(shadow.Desired[Member]) is not { Id.Length: > 0 } desired)
            {
                return;
            }

            Remediation? reported = Read(shadow.Reported[Member]);
            bool isKnown = string.Equals(reported?.Id, desired.Id, StringComparison.Ordinal);
            if (isKnown && reported?.State is not (null or Begun))
            {
                return;
            }

            if (isKnown && reported?.State == Begun && desired.Action == RestartAction)
            {
                await ReportAsync(desired, "done", note: null, cancellationToken);
                return;
            }

            await ReportAsync(desired, Begun, note: null, cancellationToken);
            if (desired.Action == RestartAction)
            {
                actions.Restart();
                return;
            }

            (string state, string? note) = await DoAsync(desired, cancellationToken);
            await ReportAsync(desired, state, note, cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<(string State, string? Note)> DoAsync(Remediation desired, CancellationToken cancellationToken)
    {
        try
        {
            string? refused = desired.Action switch
            {
                "logLevel" => Enum.TryParse(desired.Level, ignoreCase: true, out LogLevel level) && Enum.IsDefined(level) && !int.TryParse(desired.Level, out _)
                    ? actions.SetLogLevel(level)
                    : $"'{desired.Level}' is not a level: Trace, Debug, Information, Warning, Error, Critical",
                "report" => actions.ReportNow(),
                "stopService" => await actions.StopServiceAsync(desired.Service ?? "", cancellationToken),
                _ => $"'{desired.Action}' is not an action: logLevel, report, stopService, restart",
            };
            return (refused is null ? "done" : "refused", refused);
        }
        catch (IOException e)
        {
            return ("failed", e.Message);
        }
    }

    // With the desired members too, so that no difference is left.
    private async Task ReportAsync(Remediation desired, string state, string? note, CancellationToken cancellationToken) =>
        await shadow.Reported.SetAsync(Member, ShadowValue.From(desired with { State = state, Note = note }, RemediationJson.Default.Remediation), cancellationToken);

    private static Remediation? Read(ShadowValue? value)
    {
        try
        {
            return value is { Kind: JsonValueKind.Object } ? value.Deserialize(RemediationJson.Default.Remediation) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
