namespace IotOps.Fleet.Tests;

/// <summary>Tests that measure the heap run alone: others allocate meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public static class HeapMeasurement
{
    public const string Name = "Heap";
}
