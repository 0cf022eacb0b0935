using IotOps.Aws;
using IotOps.Fleet;

namespace IotOps.Detect.Quarantine;

/// <summary>Makes the call of a step, or its inverse.</summary>
internal sealed class StepCalls(IotCalls calls, AwsClient? data)
{
    /// <returns>How it was found, when there was nothing to do; null when the call was made.</returns>
    /// <exception cref="AwsException">AWS IoT refused.</exception>
    public async Task<string?> DoAsync(QuarantinePlan plan, QuarantineStep step, bool wasBegun, CancellationToken stop)
    {
        switch (step.Kind)
        {
            case QuarantineStepKind.DeactivateCertificate:
                await calls.UpdateCertificateAsync(CertificateId(step), CertificateStatus.Inactive, stop).ConfigureAwait(false);
                return null;
            case QuarantineStepKind.RevokeCertificate:
                await calls.UpdateCertificateAsync(CertificateId(step), CertificateStatus.Revoked, stop).ConfigureAwait(false);
                return null;
            case QuarantineStepKind.AddToGroup:
                await calls.AddToGroupAsync(plan.Thing, step.Target, stop).ConfigureAwait(false);
                return null;
            case QuarantineStepKind.AttachPolicy:
                await calls.AttachPolicyAsync(step.Policy!, step.Target, stop).ConfigureAwait(false);
                return null;
            case QuarantineStepKind.DetachPolicy:
                await calls.DetachPolicyAsync(step.Policy!, step.Target, stop).ConfigureAwait(false);
                return null;
            default:
                return await DeleteConnectionAsync(step.Target, wasBegun, stop).ConfigureAwait(false);
        }
    }

    /// <exception cref="AwsException">AWS IoT refused.</exception>
    public Task UndoAsync(QuarantinePlan plan, QuarantineStep step, CancellationToken stop) => step.Kind switch
    {
        QuarantineStepKind.DeactivateCertificate => calls.UpdateCertificateAsync(CertificateId(step), step.Before!, stop),
        QuarantineStepKind.AddToGroup => calls.RemoveFromGroupAsync(plan.Thing, step.Target, stop),
        QuarantineStepKind.AttachPolicy => calls.DetachPolicyAsync(step.Policy!, step.Target, stop),
        QuarantineStepKind.DetachPolicy => calls.AttachPolicyAsync(step.Policy!, step.Target, stop),
        _ => throw new ArgumentException($"Nothing undoes {step.Kind}.", nameof(step)),
    };

    private async Task<string?> DeleteConnectionAsync(string clientId, bool wasBegun, CancellationToken stop)
    {
        if (data is null)
        {
            throw new AwsException("No client of the data endpoint was given.") { Service = "iotdata", Operation = "DeleteConnection", Code = "NoClient" };
        }

        // The call before a crash may have ended it. Where nobody can say, it is asked for once more: a client that is gone is not found.
        if (wasBegun && await IsGoneAsync(clientId, data, stop).ConfigureAwait(false))
        {
            return "The client is not connected.";
        }

        try
        {
            await data.SendAsync(
                new AwsRequest
                {
                    Operation = "DeleteConnection",
                    Method = HttpMethod.Delete,
                    Segments = ["connections", clientId],
                    Query = [new("preventWillMessage", "true")],
                    IsRetried = false,
                },
                stop).ConfigureAwait(false);
            return null;
        }
        catch (AwsException e) when (e.Code == IotCalls.NotFound)
        {
            return "The client was not connected.";
        }
    }

    private static async Task<bool> IsGoneAsync(string clientId, AwsClient data, CancellationToken stop)
    {
        try
        {
            return await new FleetConnections(data).GetAsync(clientId, cancellationToken: stop).ConfigureAwait(false) is not { IsConnected: true };
        }
        catch (AwsException)
        {
            return false;
        }
    }

    private static string CertificateId(QuarantineStep step) => step.Target[(step.Target.LastIndexOf('/') + 1)..];
}
