using System.Text.Json;
using IotOps.Emulator.Concurrency;
using IotOps.Emulator.Faults;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Logs;

/// <summary>CloudWatch Logs over HTTP: AWS JSON 1.1, told apart by X-Amz-Target.</summary>
internal sealed class LogsEndpoint(LogStore store, RecentItems<PutLogEventsCall> calls, SignatureVerifier verifier, FaultInjector faults) : IEndpoint
{
    private const string TargetPrefix = "Logs_20140328.";
    private const int MaxBodyBytes = 16 << 20;

    private static readonly SignatureErrors Errors = SignatureErrors.Json("logs");

    private readonly PutLogEvents _putLogEvents = new(store);
    private readonly StartLiveTail _startLiveTail = new(store);
    private readonly LogsOperations _operations = new(store);

    public bool IsFor(HttpContext context) => Target(context).StartsWith(TargetPrefix, StringComparison.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        string operation = Target(context)[TargetPrefix.Length..];
        try
        {
            using PooledBuffer body = await RequestBody.ReadAsync(context.Request, MaxBodyBytes, context.RequestAborted).ConfigureAwait(false);
            VerifiedSignature signature = verifier.VerifyJson(context.Request, RequestTarget.Of(context), Errors, body.Span);
            bool isGzip = string.Equals(context.Request.Headers.ContentEncoding, "gzip", StringComparison.OrdinalIgnoreCase);
            using PooledBuffer? unpacked = isGzip ? await UnpackAsync(body, context.RequestAborted).ConfigureAwait(false) : null;

            if (operation == "PutLogEvents")
            {
                await PutAsync(context, unpacked ?? body, body.Length, isGzip).ConfigureAwait(false);
            }
            else
            {
                await ExecuteAsync(context, operation, (unpacked ?? body).Memory, signature.Claim.Scope.Region).ConfigureAwait(false);
            }
        }
        catch (Refusal refusal)
        {
            await JsonAnswer.WriteAsync(context, refusal).ConfigureAwait(false);
        }
    }

    private static string Target(HttpContext context) => context.Request.Headers["X-Amz-Target"].ToString();

    private Task<PooledBuffer> UnpackAsync(PooledBuffer body, CancellationToken cancellationToken) =>
        store.Options.AcceptsGzip
            ? RequestBody.GunzipAsync(body, MaxBodyBytes, cancellationToken)
            : throw new Refusal(400, "SerializationException", "The body is not JSON.");

    private async Task PutAsync(HttpContext context, PooledBuffer json, int wireBytes, bool isGzip)
    {
        using var request = PutLogEventsRequest.Parse(json.Span);
        var faultRequest = new FaultRequest
        {
            Operation = "PutLogEvents",
            LogGroup = request.LogGroup,
            LogStream = request.LogStream,
            IsGzip = isGzip,
        };
        var call = new PutLogEventsCall
        {
            LogGroup = request.LogGroup ?? "",
            LogStream = request.LogStream ?? "",
            Events = request.Count,
            BatchBytes = PutLogEvents.BatchBytes(request),
            WireBytes = wireBytes,
            IsGzip = isGzip,
            Entity = request.Entity,
            ReceivedAt = store.Options.TimeProvider.GetUtcNow(),
        };

        try
        {
            int accepted = 0;
            await AnswerAsync(context, faultRequest, output => accepted = _putLogEvents.Execute(request, output), () => calls.Add(call with { AcceptedEvents = accepted }))
                .ConfigureAwait(false);
        }
        catch (Refusal refusal)
        {
            calls.Add(call with { ErrorCode = refusal.Code });
            throw;
        }
    }

    private async Task ExecuteAsync(HttpContext context, string operation, ReadOnlyMemory<byte> json, string region)
    {
        using JsonDocument document = JsonInput.Parse(json);
        var input = new JsonInput(document.RootElement);
        var faultRequest = new FaultRequest
        {
            Operation = operation,
            LogGroup = input.Text("logGroupName"),
            LogStream = input.Text("logStreamName"),
        };
        if (operation == "StartLiveTail")
        {
            await TailAsync(context, faultRequest, input, region).ConfigureAwait(false);
            return;
        }

        Action<Utf8JsonWriter> execute = _operations.Find(operation, input, region);
        await AnswerAsync(context, faultRequest, execute, onDone: null).ConfigureAwait(false);
    }

    private async Task TailAsync(HttpContext context, FaultRequest request, JsonInput input, string region)
    {
        Fault? fault = faults.Take(request);
        if (fault is null || await InjectedFault.BeforeAsync(fault, context, store.Options.TimeProvider).ConfigureAwait(false))
        {
            await _startLiveTail.RunAsync(context, input, region).ConfigureAwait(false);
        }
    }

    private async Task AnswerAsync(HttpContext context, FaultRequest request, Action<Utf8JsonWriter> execute, Action? onDone)
    {
        Fault? fault = faults.Take(request);
        if (fault is not null && !await InjectedFault.BeforeAsync(fault, context, store.Options.TimeProvider).ConfigureAwait(false))
        {
            return;
        }

        using var result = new PooledBuffer(1_024);
        var output = new Utf8JsonWriter(result);
        await using (output.ConfigureAwait(false))
        {
            execute(output);
        }

        onDone?.Invoke();
        await JsonAnswer.WriteAsync(context, 200, result.Memory, InjectedFault.BytesLetThrough(fault)).ConfigureAwait(false);
    }
}
