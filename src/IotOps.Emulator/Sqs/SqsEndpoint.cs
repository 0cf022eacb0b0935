using System.Text.Json;
using IotOps.Emulator.Faults;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Sqs;

/// <summary>Amazon SQS over HTTP: AWS JSON 1.0, told apart by X-Amz-Target.</summary>
internal sealed class SqsEndpoint : IEndpoint
{
    private const string TargetPrefix = "AmazonSQS.";
    private const string ContentType = "application/x-amz-json-1.0";
    private const int MaxBodyBytes = 12 << 20;
    private static readonly SignatureErrors Errors = SignatureErrors.Json("sqs");

    private readonly QueueStore _store;
    private readonly SignatureVerifier _verifier;
    private readonly FaultInjector _faults;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, Operation> _operations;

    public SqsEndpoint(QueueStore store, SignatureVerifier verifier, FaultInjector faults, TimeProvider time)
    {
        (_store, _verifier, _faults, _time) = (store, verifier, faults, time);
        _operations = new Dictionary<string, Operation>(StringComparer.Ordinal)
        {
            ["CreateQueue"] = new(["QueueName", "Attributes"], QueueCalls.Create),
            ["DeleteQueue"] = new(["QueueUrl"], QueueCalls.Delete),
            ["GetQueueUrl"] = new(["QueueName", "QueueOwnerAWSAccountId"], QueueCalls.GetUrl),
            ["ListQueues"] = new(["QueueNamePrefix", "NextToken", "MaxResults"], QueueCalls.List),
            ["GetQueueAttributes"] = new(["QueueUrl", "AttributeNames"], QueueCalls.GetAttributes),
            ["SetQueueAttributes"] = new(["QueueUrl", "Attributes"], QueueCalls.SetAttributes),
            ["PurgeQueue"] = new(["QueueUrl"], QueueCalls.Purge),
            ["SendMessage"] = new(["QueueUrl", "MessageBody", "DelaySeconds"], QueueMessageCalls.Send),
            ["SendMessageBatch"] = new(["QueueUrl", "Entries"], QueueMessageCalls.SendBatch) { EntryMembers = ["Id", "MessageBody", "DelaySeconds"] },
            ["ReceiveMessage"] = new(
                ["QueueUrl", "AttributeNames", "MessageSystemAttributeNames", "MessageAttributeNames", "MaxNumberOfMessages", "VisibilityTimeout", "WaitTimeSeconds"],
                QueueMessageCalls.ReceiveAsync),
            ["DeleteMessage"] = new(["QueueUrl", "ReceiptHandle"], QueueMessageCalls.Delete),
            ["DeleteMessageBatch"] = new(["QueueUrl", "Entries"], QueueMessageCalls.DeleteBatch) { EntryMembers = ["Id", "ReceiptHandle"] },
            ["ChangeMessageVisibility"] = new(["QueueUrl", "ReceiptHandle", "VisibilityTimeout"], QueueMessageCalls.ChangeVisibility),
            ["ChangeMessageVisibilityBatch"] =
                new(["QueueUrl", "Entries"], QueueMessageCalls.ChangeVisibilityBatch) { EntryMembers = ["Id", "ReceiptHandle", "VisibilityTimeout"] },
        };
    }

    public bool IsFor(HttpContext context) => Target(context).StartsWith(TargetPrefix, StringComparison.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            using PooledBuffer body = await RequestBody.ReadAsync(context.Request, MaxBodyBytes, context.RequestAborted).ConfigureAwait(false);
            VerifiedSignature signature = _verifier.VerifyJson(context.Request, RequestTarget.Of(context), Errors, body.Span);
            using JsonDocument document = JsonInput.Parse(body.Memory);
            await AnswerAsync(context, new JsonInput(document.RootElement), signature.Claim.Scope.Region).ConfigureAwait(false);
        }
        catch (Refusal refusal)
        {
            if (refusal.Details.FirstOrDefault(one => one.Key == SqsRefusal.QueryError).Value is { } queryError)
            {
                context.Response.Headers["x-amzn-query-error"] = queryError;
            }

            await JsonAnswer.WriteAsync(context, refusal).ConfigureAwait(false);
        }
    }

    private static string Target(HttpContext context) => context.Request.Headers["X-Amz-Target"].ToString();

    private async Task AnswerAsync(HttpContext context, JsonInput input, string region)
    {
        string name = Target(context)[TargetPrefix.Length..];
        if (!_operations.TryGetValue(name, out Operation? operation))
        {
            throw Refusal.NotImplemented($"The emulator's SQS has no operation '{name}'.");
        }

        input.RefuseAllBut(name, operation.Members);
        foreach (JsonInput entry in operation.EntryMembers.Length > 0 ? input.Objects("Entries") : [])
        {
            entry.RefuseAllBut(name, operation.EntryMembers);
        }

        Fault? fault = _faults.Take(new FaultRequest { Operation = name });
        if (fault is not null && !await InjectedFault.BeforeAsync(fault, context, _time).ConfigureAwait(false))
        {
            return;
        }

        var request = new SqsRequest(_store, region, context.Request.Host.Value ?? "");
        Action<Utf8JsonWriter> members = await operation.Execute(input, request, context.RequestAborted).ConfigureAwait(false);
        using var result = new PooledBuffer(1_024);
        var output = new Utf8JsonWriter(result);
        await using (output.ConfigureAwait(false))
        {
            output.WriteStartObject();
            members(output);
            output.WriteEndObject();
        }

        await JsonAnswer.WriteAsync(context, 200, result.Memory, InjectedFault.BytesLetThrough(fault), ContentType).ConfigureAwait(false);
    }

    private sealed record Operation(string[] Members, Func<JsonInput, SqsRequest, CancellationToken, Task<Action<Utf8JsonWriter>>> Execute)
    {
        public Operation(string[] members, Action<JsonInput, SqsRequest, Utf8JsonWriter> execute)
            : this(members, (input, request, _) => Task.FromResult<Action<Utf8JsonWriter>>(output => execute(input, request, output)))
        {
        }

        /// <summary>What an entry of a batch may have.</summary>
        public string[] EntryMembers { get; init; } = [];
    }
}
