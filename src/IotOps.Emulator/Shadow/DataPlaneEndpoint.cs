using System.Text.Json;
using IotOps.Emulator.Faults;
using IotOps.Emulator.Http;
using IotOps.Emulator.Mqtt.Packets;
using IotOps.Emulator.Mqtt.Rules;
using IotOps.Emulator.Mqtt.Sessions;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Shadow;

/// <summary>
/// The AWS IoT data plane over HTTP: shadows, and publishing. See https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT_Data_Plane.html.
/// </summary>
internal sealed class DataPlaneEndpoint(
    ShadowStore store, ShadowRequestLog log, ShadowAudience audience, Broker broker, SignatureVerifier verifier, FaultInjector faults) : IEndpoint
{
    private const string ContentType = "application/json";
    private const string ListPrefix = "/api/things/shadow/ListNamedShadowsForThing/";
    private const string TopicsPrefix = "/topics/";
    private const string ThingsPrefix = "/things/";
    private const string ShadowSuffix = "/shadow";

    // One byte more than the largest payload: what is larger is refused by the service's own rule.
    private const int MaxBodyBytes = (128 << 10) + 1;

    private static readonly SignatureErrors Errors = SignatureErrors.Json("iotdata");

    /// <summary>Whether a request is for this service; the scope of its signature says so, since S3 buckets may have any of these paths.</summary>
    public bool IsFor(HttpContext context) =>
        context.Request.Headers.Authorization.ToString().Contains("/iotdata/aws4_request", StringComparison.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            using PooledBuffer body = await RequestBody.ReadAsync(context.Request, MaxBodyBytes, context.RequestAborted).ConfigureAwait(false);
            var target = RequestTarget.Of(context);
            verifier.VerifyJson(context.Request, target, Errors, body.Span);
            string method = context.Request.Method;
            if (target.RawPath.StartsWith(TopicsPrefix, StringComparison.Ordinal) && HttpMethods.IsPost(method))
            {
                await PublishAsync(context, target, body.Span.ToArray()).ConfigureAwait(false);
            }
            else if (target.RawPath.StartsWith(ListPrefix, StringComparison.Ordinal) && HttpMethods.IsGet(method))
            {
                await ListAsync(context, target).ConfigureAwait(false);
            }
            else if (ShadowOf(target) is { } key && OperationOf(method) is { } operation)
            {
                await ShadowAsync(context, new ShadowTopic(key, operation), body.Span.ToArray()).ConfigureAwait(false);
            }
            else
            {
                throw new Refusal(404, "ResourceNotFoundException", $"The emulator's data plane has no {method} {target.RawPath}");
            }
        }
        catch (Refusal refusal)
        {
            await WriteAsync(context, refusal).ConfigureAwait(false);
        }
    }

    private async Task ShadowAsync(HttpContext context, ShadowTopic request, byte[] payload)
    {
        Fault? fault;
        ShadowAnswer answer;
        try
        {
            fault = await TakeFaultAsync(context, ShadowRequestLog.NameOf(request.Operation), request.Key, topic: null).ConfigureAwait(false);
            if (fault is { DropBeforeAccepting: true })
            {
                log.Add(request, payload, status: 0);
                return;
            }

            answer = store.Execute(request, payload, done =>
            {
                log.Add(request, payload, status: 200, done.Version);
                if (request.Operation != ShadowOperation.Get)
                {
                    audience.Tell(request, done);
                }
            });
        }
        catch (Refusal refusal)
        {
            log.Add(request, payload, refusal.Status);
            throw;
        }

        await JsonAnswer.WriteAsync(context, 200, answer.Body, InjectedFault.BytesLetThrough(fault), ContentType).ConfigureAwait(false);
    }

    private async Task ListAsync(HttpContext context, RequestTarget target)
    {
        var key = new ShadowKey(UriCoding.Decode(target.RawPath[ListPrefix.Length..]), "").Checked();
        Fault? fault = await TakeFaultAsync(context, "ListNamedShadowsForThing", key, topic: null).ConfigureAwait(false);
        if (fault is { DropBeforeAccepting: true })
        {
            return;
        }

        int pageSize = int.TryParse(target.Query.Find("pageSize"), out int asked) && asked is >= 1 and <= 100 ? asked : 25;
        string after = target.Query.Find("nextToken") ?? "";
        string[] names = [.. store.Names(key.Thing).Where(n => string.CompareOrdinal(n, after) > 0)];
        string? next = names.Length > pageSize ? names[pageSize - 1] : null;
        byte[] body = ShadowMessages.Names(names.Take(pageSize), next, store.Now);
        await JsonAnswer.WriteAsync(context, 200, body, InjectedFault.BytesLetThrough(fault), ContentType).ConfigureAwait(false);
    }

    private async Task PublishAsync(HttpContext context, RequestTarget target, byte[] payload)
    {
        string topic = UriCoding.Decode(target.RawPath[TopicsPrefix.Length..]);
        Fault? fault = await TakeFaultAsync(context, "Publish", default, topic).ConfigureAwait(false);
        if (fault is { DropBeforeAccepting: true })
        {
            return;
        }

        try
        {
            PublishRules.Check(topic, payload.Length, PropertyBag.Empty, broker.Options.Limits);
        }
        catch (ProtocolViolation violation)
        {
            throw new Refusal(400, "InvalidRequestException", violation.Message);
        }

        broker.ReceiveFromApi(topic, payload, target.Query.Find("qos") == "1" ? 1 : 0, target.Query.Find("retain") == "true");
        byte[] body = """{"message":"OK"}"""u8.ToArray();
        await JsonAnswer.WriteAsync(context, 200, body, InjectedFault.BytesLetThrough(fault), ContentType).ConfigureAwait(false);
    }

    private async Task<Fault?> TakeFaultAsync(HttpContext context, string operation, ShadowKey key, string? topic)
    {
        Fault? fault = faults.IsEmpty
            ? null
            : faults.Take(new FaultRequest { Operation = operation, ThingName = key.Thing, ShadowName = key.Name, Topic = topic });
        if (fault is not null)
        {
            await InjectedFault.BeforeAsync(fault, context, store.TimeProvider).ConfigureAwait(false);
        }

        return fault;
    }

    private static ShadowKey? ShadowOf(RequestTarget target)
    {
        string path = target.RawPath;
        bool isShadow = path.StartsWith(ThingsPrefix, StringComparison.Ordinal) && path.EndsWith(ShadowSuffix, StringComparison.Ordinal)
            && path.Length > ThingsPrefix.Length + ShadowSuffix.Length;
        return isShadow
            ? new ShadowKey(UriCoding.Decode(path[ThingsPrefix.Length..^ShadowSuffix.Length]), target.Query.Find("name") ?? "")
            : null;
    }

    private static ShadowOperation? OperationOf(string method) =>
        HttpMethods.IsGet(method) ? ShadowOperation.Get
        : HttpMethods.IsPost(method) ? ShadowOperation.Update
        : HttpMethods.IsDelete(method) ? ShadowOperation.Delete
        : null;

    private static Task WriteAsync(HttpContext context, Refusal refusal)
    {
        // The IoT services answer 403 where the JSON services answer 400.
        bool isSignature = refusal is { Status: 400, Code: not "InvalidRequestException" };
        context.Response.Headers["x-amzn-ErrorType"] = refusal.Code;
        var body = new System.Buffers.ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("message"u8, refusal.Message);
            json.WriteString("traceId"u8, context.Response.Headers["x-amzn-RequestId"]);
            json.WriteEndObject();
        }

        return JsonAnswer.WriteAsync(context, isSignature ? 403 : refusal.Status, body.WrittenMemory, contentType: ContentType);
    }
}
