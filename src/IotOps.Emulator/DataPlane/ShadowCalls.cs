using System.Diagnostics.CodeAnalysis;
using IotOps.Emulator.Http;
using IotOps.Emulator.Rest;
using IotOps.Emulator.Shadow;
using Microsoft.AspNetCore.Http;

namespace IotOps.Emulator.DataPlane;

/// <summary>GetThingShadow, UpdateThingShadow, DeleteThingShadow and ListNamedShadowsForThing.</summary>
internal sealed class ShadowCalls(ShadowStore store, ShadowRequestLog log, ShadowAudience audience)
{
    private const string ListPrefix = "/api/things/shadow/ListNamedShadowsForThing/";
    private const string ThingsPrefix = "/things/";
    private const string ShadowSuffix = "/shadow";
    private const int DefaultPageSize = 25;
    private const int MaxPageSize = 100;

    /// <summary>Begins to answer a call that is for shadows.</summary>
    /// <returns>False when it is not, and nothing was done.</returns>
    public bool TryHandle(RestCall call, [NotNullWhen(true)] out Task? answer)
    {
        string path = call.Target.RawPath;
        bool isList = path.StartsWith(ListPrefix, StringComparison.Ordinal) && HttpMethods.IsGet(call.Method);
        bool isShadow = path.StartsWith(ThingsPrefix, StringComparison.Ordinal) && path.EndsWith(ShadowSuffix, StringComparison.Ordinal)
            && path.Length > ThingsPrefix.Length + ShadowSuffix.Length;
        answer = isList ? ListAsync(call)
            : isShadow && OperationOf(call.Method) is { } operation ? ExecuteAsync(call, operation)
            : null;
        return answer is not null;
    }

    private async Task ExecuteAsync(RestCall call, ShadowOperation operation)
    {
        string name = call.Query.Find("name") is { } given ? given.Length > 0 ? given : throw ShadowKey.InvalidName() : "";
        var request = new ShadowTopic(new ShadowKey(call.Rest(ThingsPrefix, ShadowSuffix), name), operation);
        call.RefuseAllBut(ShadowRequestLog.NameOf(operation), ["name"]);
        Fault? fault;
        ShadowAnswer answer;
        try
        {
            fault = await call.TakeFaultAsync(new FaultRequest
            {
                Operation = ShadowRequestLog.NameOf(operation),
                ThingName = request.Key.Thing,
                ShadowName = request.Key.Name,
            }).ConfigureAwait(false);
            if (fault is { DropBeforeAccepting: true })
            {
                log.Add(request, call.Payload, status: 0);
                return;
            }

            answer = store.Execute(request, call.Payload, done =>
            {
                log.Add(request, call.Payload, status: 200, done.Version);
                if (operation != ShadowOperation.Get)
                {
                    audience.Tell(request, done);
                }
            });
        }
        catch (Refusal refusal)
        {
            log.Add(request, call.Payload, refusal.Status);
            throw;
        }

        await call.AnswerAsync(answer.Body, fault).ConfigureAwait(false);
    }

    private async Task ListAsync(RestCall call)
    {
        ShadowKey key = new ShadowKey(call.Rest(ListPrefix), "").Checked();
        call.RefuseAllBut("ListNamedShadowsForThing", ["pageSize", "nextToken"]);
        int pageSize = (int)call.Number("pageSize", DefaultPageSize, 1, MaxPageSize);
        string after = call.After();
        Fault? fault = await call.TakeFaultAsync(new FaultRequest { Operation = "ListNamedShadowsForThing", ThingName = key.Thing, ShadowName = "" }).ConfigureAwait(false);
        if (fault is { DropBeforeAccepting: true })
        {
            return;
        }

        string[] names = [.. store.Names(key.Thing).Where(n => string.CompareOrdinal(n, after) > 0)];
        string? next = names.Length > pageSize ? RestCall.TokenBehind(names[pageSize - 1]) : null;
        await call.AnswerAsync(ShadowMessages.Names(names.Take(pageSize), next, store.Now), fault).ConfigureAwait(false);
    }

    private static ShadowOperation? OperationOf(string method) =>
        HttpMethods.IsGet(method) ? ShadowOperation.Get
        : HttpMethods.IsPost(method) ? ShadowOperation.Update
        : HttpMethods.IsDelete(method) ? ShadowOperation.Delete
        : null;
}
