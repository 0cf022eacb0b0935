using System.Text.Json;
using IotOps.Emulator.Faults;
using IotOps.Emulator.Http;
using IotOps.Emulator.Signing;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.CloudTrail;

/// <summary>The read calls of CloudTrail that need no trail: AWS JSON 1.1, told apart by X-Amz-Target.</summary>
internal sealed class CloudTrailEndpoint(TrailStore store, SignatureVerifier verifier, FaultInjector faults, TimeProvider timeProvider) : IEndpoint
{
    private const string Service = "CloudTrail_20131101.";
    private const int MaxBodyBytes = 1 << 20;
    private static readonly SignatureErrors Errors = SignatureErrors.Json("cloudtrail");

    private readonly LookupEvents _lookupEvents = new(store, timeProvider);
    private readonly ListPublicKeys _listPublicKeys = new(store, timeProvider);

    // SDKs write it with the name of its Java package in front, or without.
    public bool IsFor(HttpContext context) => Target(context).Contains(Service, StringComparison.Ordinal);

    public async Task HandleAsync(HttpContext context)
    {
        string target = Target(context);
        string operation = target[(target.IndexOf(Service, StringComparison.Ordinal) + Service.Length)..];
        try
        {
            using PooledBuffer body = await RequestBody.ReadAsync(context.Request, MaxBodyBytes, context.RequestAborted).ConfigureAwait(false);
            verifier.VerifyJson(context.Request, RequestTarget.Of(context), Errors, body.Span);
            using JsonDocument document = JsonInput.Parse(body.Memory);
            await AnswerAsync(context, operation, new JsonInput(document.RootElement)).ConfigureAwait(false);
        }
        catch (Refusal refusal)
        {
            await JsonAnswer.WriteAsync(context, refusal).ConfigureAwait(false);
        }
    }

    private static string Target(HttpContext context) => context.Request.Headers["X-Amz-Target"].ToString();

    private async Task AnswerAsync(HttpContext context, string operation, JsonInput input)
    {
        (Action<JsonInput, Utf8JsonWriter> execute, string[] members) = operation switch
        {
            "LookupEvents" => ((Action<JsonInput, Utf8JsonWriter>)_lookupEvents.Execute, LookupEvents.Members),
            "ListPublicKeys" => (_listPublicKeys.Execute, ListPublicKeys.Members),
            _ => throw Refusal.NotImplemented($"The emulator has no CloudTrail operation '{operation}'."),
        };
        input.RefuseAllBut(operation, members);
        Fault? fault = faults.Take(new FaultRequest { Operation = operation });
        if (fault is not null && !await InjectedFault.BeforeAsync(fault, context, timeProvider).ConfigureAwait(false))
        {
            return;
        }

        using var result = new PooledBuffer(1_024);
        var output = new Utf8JsonWriter(result);
        await using (output.ConfigureAwait(false))
        {
            output.WriteStartObject();
            execute(input, output);
            output.WriteEndObject();
        }

        await JsonAnswer.WriteAsync(context, 200, result.Memory, InjectedFault.BytesLetThrough(fault)).ConfigureAwait(false);
    }
}
