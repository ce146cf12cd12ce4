// A file starts nothing: the runs that it has are all there will be.

export class Starts {
  know() {}

  ask() {}

  close() {}
}
