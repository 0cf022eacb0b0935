using IotOps.Emulator.Concurrency;
using IotOps.Emulator.Faults;
using IotOps.Emulator.Http;

namespace IotOps.Emulator.Shadow;

/// <summary>The service over MQTT: requests come as messages and are answered as messages, whoever the broker is.</summary>
/// <param name="store">The shadows.</param>
/// <param name="log">Where requests are noted.</param>
/// <param name="faults">What goes wrong.</param>
/// <param name="publish">Sends a message to a topic.</param>
internal sealed class ShadowResponder(ShadowStore store, ShadowRequestLog log, FaultInjector faults, Action<string, byte[]> publish) : IDisposable
{
    private readonly ShadowThrottle _throttle = new(store.Options, store.TimeProvider);
    private readonly LateActions _late = new(store.TimeProvider);

    /// <summary>Deals with a message, when it is a request.</summary>
    /// <param name="topic">Where it was published.</param>
    /// <param name="payload">The request.</param>
    /// <param name="connection">Who sent it; null when that is not known.</param>
    public void Handle(string topic, ReadOnlyMemory<byte> payload, string? connection)
    {
        if (ShadowTopic.Parse(topic) is not { } request)
        {
            return;
        }

        try
        {
            _throttle.Enter(request.Key.Thing, connection);
        }
        catch (Refusal refusal)
        {
            Refuse(request, payload, refusal);
            return;
        }

        Fault? fault = faults.IsEmpty ? null : faults.Take(new FaultRequest
        {
            Operation = ShadowRequestLog.NameOf(request.Operation),
            Topic = topic,
            ClientId = connection,
            ThingName = request.Key.Thing,
            ShadowName = request.Key.Name,
        });
        if (fault is { Delay.Ticks: > 0 })
        {
            _late.Start(fault.Delay, () => Answer(request, payload, connection, fault));
        }
        else
        {
            Answer(request, payload, connection, fault);
        }
    }

    public void Dispose() => _late.Dispose();

    private void Answer(ShadowTopic request, ReadOnlyMemory<byte> payload, string? connection, Fault? fault)
    {
        // The request leaves before its answer is told: a client that has the answer may send the next one.
        if (fault is { DropBeforeAccepting: true } or { Lose: true })
        {
            _throttle.Leave(connection);
            log.Add(request, payload, status: 0);
            return;
        }

        try
        {
            InjectedFault.ThrowIfRefused(fault);
            store.Execute(request, payload.Span, answer =>
            {
                _throttle.Leave(connection);
                log.Add(request, payload, status: 200, answer.Version);
                Tell(request, answer, fault);
            });
        }
        catch (Refusal refusal)
        {
            _throttle.Leave(connection);
            Refuse(request, payload, refusal);
        }
    }

    /// <summary>Tells subscribers of an answer, and what else came of the request.</summary>
    public void Tell(ShadowTopic request, ShadowAnswer answer, Fault? fault)
    {
        if (fault is not ({ NoAnswer: true } or { DropAfterAccepting: true }))
        {
            publish(request.Answer(isAccepted: true), answer.Body);
        }

        if (fault is { Twice: true })
        {
            publish(request.Answer(isAccepted: true), answer.Body);
        }

        foreach ((string topic, byte[] message) in answer.Announcements)
        {
            publish(topic, message);
        }
    }

    private void Refuse(ShadowTopic request, ReadOnlyMemory<byte> payload, Refusal refusal)
    {
        log.Add(request, payload, refusal.Status);
        publish(request.Answer(isAccepted: false), ShadowMessages.Rejected(refusal, store.Now, ShadowUpdate.TokenOf(payload.Span)));
    }
}
