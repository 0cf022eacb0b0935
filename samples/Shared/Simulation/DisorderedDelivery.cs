namespace IotOps.Samples.Simulation;

/// <summary>Lifecycle events as AWS IoT delivers them: up to two seconds late, and so out of order, and one in a hundred twice.</summary>
public static class DisorderedDelivery
{
    /// <summary>Passes messages on in the order of their arrival; holds those of two seconds at most.</summary>
    public static IEnumerable<SimulatedMessage> Of(IEnumerable<SimulatedMessage> messages, int seed)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return Deliver(messages, SimulationRandom.For(seed, -2));
    }

    private static IEnumerable<SimulatedMessage> Deliver(IEnumerable<SimulatedMessage> messages, SimulationRandom random)
    {
        var late = new PriorityQueue<SimulatedMessage, (long Ticks, long Number)>();
        long number = 0;
        foreach (SimulatedMessage message in messages)
        {
            while (late.TryPeek(out SimulatedMessage? due, out (long Ticks, long Number) at) && at.Ticks <= message.Time.UtcTicks)
            {
                yield return due;
                late.Dequeue();
            }

            if (!message.IsLifecycle)
            {
                yield return message;
                continue;
            }

            int copies = random.Share() < 0.01 ? 2 : 1;
            for (int i = 0; i < copies; i++)
            {
                late.Enqueue(message, ((message.Time + random.Seconds(0, 2)).UtcTicks, number++));
            }
        }

        while (late.TryDequeue(out SimulatedMessage? rest, out _))
        {
            yield return rest;
        }
    }
}
