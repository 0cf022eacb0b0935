namespace IotOps.Emulator.Batch;

/// <summary>A container has no image, so that it never runs.</summary>
internal sealed class CannotPullException(string image)
    : Exception($"CannotPullContainerError: The emulator has no image {image}; EmulatedBatch.AddImage, or --image of EmulatorHost, says what it runs.");
