using System.Text.Json;
using IotOps.Emulator.Faults;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.Batch;

/// <summary>AWS Batch over HTTP: REST JSON. See https://docs.aws.amazon.com/batch/latest/APIReference/API_Operations.html.</summary>
internal sealed class BatchEndpoint(BatchStore store, BatchRunner runner, KeyRing keys, SignatureVerifier verifier, FaultInjector faults, EmulatorOptions options) : IEndpoint
{
    private const string ContentType = "application/json";
    private const int MaxBodyBytes = 1 << 20;
    private const int MaxDescribed = 100;

    // Requests by GET have no body.
    private static readonly ReadOnlyMemory<byte> NoMembers = "{}"u8.ToArray();

    private static readonly SignatureErrors Errors = SignatureErrors.Json("batch");

    private readonly BatchAnswers _answers = new(options.AccountId);
    private readonly RegistryCalls _registry = new(store.Registry, options.AccountId);

    /// <summary>Whether a request is for this service; the scope of its signature says so, since S3 buckets may have any of these paths.</summary>
    public bool IsFor(HttpContext context) =>
        context.Request.Headers.Authorization.ToString().Contains("/batch/aws4_request", StringComparison.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            using PooledBuffer body = await RequestBody.ReadAsync(context.Request, MaxBodyBytes, context.RequestAborted).ConfigureAwait(false);
            VerifiedSignature signature = Verify(context, body);
            keys.TryFind(signature.Claim.AccessKeyId, out AccessKey? caller);
            using JsonDocument document = Parse(body.Length > 0 ? body.Memory : NoMembers);
            await ExecuteAsync(context, new BatchInput(document.RootElement), caller?.CallerArn ?? $"arn:aws:iam::{options.AccountId}:user/emulator", signature.Claim.Scope.Region)
                .ConfigureAwait(false);
        }
        catch (Refusal refusal)
        {
            await RestJsonError.WriteAsync(context, refusal).ConfigureAwait(false);
        }
    }

    private async Task ExecuteAsync(HttpContext context, BatchInput input, string caller, string region)
    {
        (string operation, Action<Utf8JsonWriter> execute) = (context.Request.Method, context.Request.Path.Value) switch
        {
            ("POST", "/v1/submitjob") => ("SubmitJob", (Action<Utf8JsonWriter>)(json => _answers.WriteSubmitted(json, store.Submit(BatchSubmission.Read(input), caller, region)))),
            ("POST", "/v1/describejobs") => ("DescribeJobs", json => Describe(json, input)),
            ("POST", "/v1/listjobs") => ("ListJobs", json => List(json, input, region)),
            ("POST", "/v1/terminatejob") => ("TerminateJob", _ => End(input, alsoRunning: true)),
            ("POST", "/v1/canceljob") => ("CancelJob", _ => End(input, alsoRunning: false)),
            ("POST", "/v1/createjobqueue") => ("CreateJobQueue", json => _registry.CreateQueue(json, input, region)),
            ("POST", "/v1/updatejobqueue") => ("UpdateJobQueue", json => _registry.UpdateQueue(json, input, region)),
            ("POST", "/v1/deletejobqueue") => ("DeleteJobQueue", _ => _registry.DeleteQueue(input, region)),
            ("POST", "/v1/describejobqueues") => ("DescribeJobQueues", json => _registry.DescribeQueues(json, input, region)),
            ("POST", "/v1/registerjobdefinition") => ("RegisterJobDefinition", json => _registry.Register(json, input, region)),
            ("POST", "/v1/deregisterjobdefinition") => ("DeregisterJobDefinition", _ => _registry.Deregister(input, region)),
            ("POST", "/v1/describejobdefinitions") => ("DescribeJobDefinitions", json => _registry.DescribeDefinitions(json, input, region)),
            _ => throw Refusal.NotImplemented($"The emulator's Batch has no {context.Request.Method} {context.Request.Path}."),
        };
        Fault? fault = faults.Take(new FaultRequest { Operation = operation, JobName = input.Text("jobName") });
        if (fault is not null && !await InjectedFault.BeforeAsync(fault, context, options.TimeProvider).ConfigureAwait(false))
        {
            return;
        }

        using var result = new PooledBuffer(1_024);
        var json = new Utf8JsonWriter(result);
        await using (json.ConfigureAwait(false))
        {
            json.WriteStartObject();
            execute(json);
            json.WriteEndObject();
        }

        await JsonAnswer.WriteAsync(context, 200, result.Memory, InjectedFault.BytesLetThrough(fault), ContentType).ConfigureAwait(false);
    }

    private void Describe(Utf8JsonWriter json, BatchInput input)
    {
        IReadOnlyList<string> ids = input.Texts("jobs") ?? throw BatchInput.Invalid("jobs must not be null.");
        if (ids.Count > MaxDescribed)
        {
            throw BatchInput.Invalid($"At most {MaxDescribed} jobs are described at once.");
        }

        var wanted = ids.Select(BatchStore.NameOf).ToHashSet(StringComparer.Ordinal);
        json.WriteStartArray("jobs"u8);
        store.ForEach(wanted.Contains, job => _answers.WriteDetail(json, job));
        json.WriteEndArray();
    }

    private void List(Utf8JsonWriter json, BatchInput input, string region)
    {
        List<BatchJob> found = [];
        store.ForEachNewestFirst(BatchListFilter.Read(input, store.Registry, region), found.Add);
        store.Look(() => BatchPage.Write(json, input, "jobSummaryList", BatchListFilter.MostOf(input), found, job => _answers.WriteSummary(json, job)));
    }

    private void End(BatchInput input, bool alsoRunning)
    {
        string id = input.Required("jobId");
        string reason = input.Required("reason");
        BatchJob job = store.Find(BatchStore.NameOf(id)) ?? throw BatchInput.Invalid($"Job {id} does not exist.");
        runner.End(job, new BatchEnd(reason, MayRetry: false, IsAsked: true), alsoRunning);
    }

    // Batch answers 403 where the JSON services answer 400.
    private VerifiedSignature Verify(HttpContext context, PooledBuffer body)
    {
        try
        {
            return verifier.VerifyJson(context.Request, RequestTarget.Of(context), Errors, body.Span);
        }
        catch (Refusal refusal)
        {
            throw new Refusal(403, refusal.Code, refusal.Message);
        }
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException e)
        {
            throw new Refusal(400, "SerializationException", $"The body cannot be read: {e.Message}");
        }
    }
}
