using IotOps.TestKit;

namespace IotOps.Shadow.Tests;

/// <summary>Tests that set the process's umask run while no other test does.</summary>
[CollectionDefinition(UnixModes.Collection, DisableParallelization = true)]
public sealed class UmaskTests;
