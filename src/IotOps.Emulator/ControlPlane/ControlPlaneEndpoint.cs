using System.Text.Json;
using IotOps.Emulator.Http;
using IotOps.Emulator.Rest;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.ControlPlane;

/// <summary>
/// The read calls of AWS IoT's control plane that tell of a fleet.
/// See https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT.html.
/// </summary>
internal sealed class ControlPlaneEndpoint(
    ThingGroupCalls groups, SearchCalls search, FindingCalls findings, SignatureVerifier verifier, FaultInjector faults, TimeProvider timeProvider) : IEndpoint
{
    private const string SigningName = "iot";
    private const string Groups = "/thing-groups";
    private const string ThingsSuffix = "/things";
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
            (string operation, Action<Utf8JsonWriter> answer) = Find(call);
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

    private (string Operation, Action<Utf8JsonWriter> Answer) Find(RestCall call)
    {
        string path = call.Target.RawPath;
        bool isGroup = path.StartsWith(Groups + "/", StringComparison.Ordinal);
        bool isThings = isGroup && path.EndsWith(ThingsSuffix, StringComparison.Ordinal) && path.Length > Groups.Length + 1 + ThingsSuffix.Length;
        return (call.Method, path) switch
        {
            ("POST", "/audit/findings") => ("ListAuditFindings", json => findings.List(call, json)),
            ("POST", "/indices/search") => ("SearchIndex", json => search.Search(call, json)),
            ("GET", Groups) => ("ListThingGroups", json => groups.List(call, json)),
            ("GET", _) when isThings => ("ListThingsInThingGroup", json => groups.ListThings(call, call.Rest(Groups + "/", ThingsSuffix), json)),
            ("GET", _) when isGroup && path.IndexOf('/', Groups.Length + 1) < 0 =>
                ("DescribeThingGroup", json => groups.Describe(call, call.Rest(Groups + "/"), json)),
            _ => throw Refusal.NotImplemented($"The emulator's control plane of AWS IoT has no {call.Method} {path}."),
        };
    }
}
