namespace IotOps.Emulator.Shadow;

internal enum ShadowOperation
{
    Get,
    Update,
    Delete,
}
