using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Rest;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.ControlPlane;

/// <summary>
/// AWS IoT's control plane, as far as operators of a fleet need it.
/// See https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT.html.
/// </summary>
internal sealed class ControlPlaneEndpoint(ControlPlaneRoutes routes, SignatureVerifier verifier, FaultInjector faults, TimeProvider timeProvider) : IEndpoint
{
    private const string SigningName = "iot";
    private const int MaxBodyBytes = 1 << 20;

    /// <summary>Whether a request is for this service; the scope of its signature says so, since S3 buckets may have any of these paths.</summary>
    public bool IsFor(HttpContext context) =>
        context.Request.Headers.Authorization.ToString().Contains($"/{SigningName}/aws4_request", StringComparison.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        var call = new RestCall(context, RequestTarget.Of(context), [], faults, timeProvider);
        try
        {
            using PooledBuffer body = await RequestBody.ReadAsync(context.Request, MaxBodyBytes, context.RequestAborted).ConfigureAwait(false);
            call = call.Verify(verifier, SigningName, body.Span);
            (string operation, Action<Utf8JsonWriter> answer) = routes.Find(call);
            Fault? fault = await call.TakeFaultAsync(new FaultRequest { Operation = operation }).ConfigureAwait(false);
            if (fault is not { DropBeforeAccepting: true })
            {
                await call.AnswerAsync(answer, fault).ConfigureAwait(false);
            }
        }
        catch (Refusal refusal)
        {
            await call.AnswerAsync(refusal).ConfigureAwait(false);
        }
    }
}
