using IotOps.Emulator.Http;
using IotOps.Emulator.Rest;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.DataPlane;

/// <summary>
/// The AWS IoT data plane over HTTP: shadows, messages and connections.
/// See https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT_Data_Plane.html.
/// </summary>
internal sealed class DataPlaneEndpoint(
    ShadowCalls shadows, MessageCalls messages, ConnectionCalls connections, SignatureVerifier verifier, FaultInjector faults, int maxPayloadBytes, TimeProvider timeProvider) : IEndpoint
{
    // SDKs sign with the first, the service's own pages name the second.
    private static readonly string[] SigningNames = ["iotdata", "iotdevicegateway"];

    /// <summary>Whether a request is for this service; the scope of its signature says so, since S3 buckets may have any of these paths.</summary>
    public bool IsFor(HttpContext context) => SigningName(context.Request) is not null;

    public async Task HandleAsync(HttpContext context)
    {
        var call = new RestCall(context, RequestTarget.Of(context), [], faults, timeProvider);
        try
        {
            using PooledBuffer body = await RequestBody.ReadAsync(context.Request, maxPayloadBytes, context.RequestAborted).ConfigureAwait(false);
            call = call.Verify(verifier, SigningName(context.Request)!, body.Span);
            if (!messages.TryHandle(call, out Task? answer) && !connections.TryHandle(call, out answer) && !shadows.TryHandle(call, out answer))
            {
                throw Refusal.NotImplemented($"The emulator's data plane has no {call.Method} {call.Target.RawPath}.");
            }

            await answer.ConfigureAwait(false);
        }
        catch (Refusal refusal)
        {
            await call.AnswerAsync(refusal).ConfigureAwait(false);
        }
    }

    private static string? SigningName(HttpRequest request)
    {
        string authorization = request.Headers.Authorization.ToString();
        return Array.Find(SigningNames, name => authorization.Contains($"/{name}/aws4_request", StringComparison.Ordinal));
    }
}
